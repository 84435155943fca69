//! The C library's words for its lookup errors.

use std::ffi::CStr;

/// Returns what `gai_strerror(3)` says of `code`.
pub(crate) fn lookup_error(code: i32) -> String {
    // SAFETY: gai_strerror takes any number and returns a static, NUL-terminated string or null.
    let text = unsafe { libc::gai_strerror(code) };
    if text.is_null() {
        return format!("Unknown error {code}");
    }
    // SAFETY: not null, and static by the manual page.
    unsafe { CStr::from_ptr(text) }
        .to_string_lossy()
        .into_owned()
}
