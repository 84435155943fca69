//! Lines of text to decode and encode, and how much of them.

/// How much is decoded at once: as much as a network reads at once.
pub const SIZE: usize = 64 * 1024;

/// ASCII alone.
pub const ASCII: &str = "The quick brown fox jumps over the lazy dog; 0123456789 times.\n";
/// Four scripts.
pub const MIXED: &str = "Größe: 12 m², naïve café — Привет, мир! 日本語のテキスト. plain words\n";
/// Letters of Latin-1.
pub const GERMAN: &str = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.\n";
/// Cyrillic.
pub const RUSSIAN: &str = "Съешь же ещё этих мягких французских булок, да выпей чаю.\n";
/// Kanji and kana.
pub const JAPANESE: &str = "吾輩は猫である。名前はまだ無い。どこで生れたか見当がつかぬ。\n";
/// Simplified Chinese.
pub const CHINESE: &str = "人人生而自由,在尊严和权利上一律平等。\n";
