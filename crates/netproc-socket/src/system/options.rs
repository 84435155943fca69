//! Network options as `setsockopt(2)` and `getsockopt(2)` know them.

use std::io;
use std::os::fd::AsFd;

use netproc_address::{NetworkOption, OptionName};
use nix::sys::socket::{getsockopt, setsockopt, sockopt};
use socket2::Socket;

/// The longest interface name the kernel takes; it would silently cut a longer one.
const INTERFACE_NAME_LIMIT: usize = libc::IFNAMSIZ - 1;

/// Sets one option.
pub(crate) fn set(socket: &Socket, option: &NetworkOption) -> io::Result<()> {
    match option {
        NetworkOption::BindToDevice(device) => bind_to_device(socket, device.as_deref()),
        NetworkOption::Broadcast(on) => socket.set_broadcast(*on),
        NetworkOption::DontRoute(on) => {
            setsockopt(socket, sockopt::DontRoute, on).map_err(io::Error::from)
        }
        NetworkOption::KeepAlive(on) => socket.set_keepalive(*on),
        NetworkOption::Linger(seconds) => {
            let linger = libc::linger {
                l_onoff: i32::from(seconds.is_some()),
                l_linger: seconds.unwrap_or(0).cast_signed(),
            };
            setsockopt(socket, sockopt::Linger, &linger).map_err(io::Error::from)
        }
        NetworkOption::OobInline(on) => socket.set_out_of_band_inline(*on),
        NetworkOption::Priority(priority) => {
            setsockopt(socket, sockopt::Priority, priority).map_err(io::Error::from)
        }
        NetworkOption::ReuseAddress(on) => socket.set_reuse_address(*on),
        NetworkOption::NoDelay(on) => socket.set_tcp_nodelay(*on),
        _ => Err(io::Error::from_raw_os_error(libc::ENOPROTOOPT)),
    }
}

/// Reads one option back as the kernel has it.
pub(crate) fn get(socket: &Socket, name: OptionName) -> io::Result<NetworkOption> {
    Ok(match name {
        OptionName::BindToDevice => {
            NetworkOption::BindToDevice(socket.device()?.map(Vec::into_boxed_slice))
        }
        OptionName::Broadcast => NetworkOption::Broadcast(socket.broadcast()?),
        OptionName::DontRoute => NetworkOption::DontRoute(getsockopt(socket, sockopt::DontRoute)?),
        OptionName::KeepAlive => NetworkOption::KeepAlive(socket.keepalive()?),
        OptionName::Linger => {
            let linger = getsockopt(socket, sockopt::Linger)?;
            let seconds = u32::try_from(linger.l_linger).unwrap_or(0);
            NetworkOption::Linger((linger.l_onoff != 0).then_some(seconds))
        }
        OptionName::OobInline => NetworkOption::OobInline(socket.out_of_band_inline()?),
        OptionName::Priority => NetworkOption::Priority(getsockopt(socket, sockopt::Priority)?),
        OptionName::ReuseAddress => NetworkOption::ReuseAddress(socket.reuse_address()?),
        OptionName::NoDelay => NetworkOption::NoDelay(socket.tcp_nodelay()?),
        _ => return Err(io::Error::from_raw_os_error(libc::ENOPROTOOPT)),
    })
}

fn bind_to_device(socket: &Socket, device: Option<&[u8]>) -> io::Result<()> {
    match device {
        Some(name) if name.len() > INTERFACE_NAME_LIMIT || name.contains(&0) => {
            Err(io::Error::from_raw_os_error(libc::ENODEV))
        }
        Some([]) | None => socket.bind_device(None),
        name => socket.bind_device(name),
    }
}

/// Asks for a time stamp on every message, by which an empty record is told from the end.
pub(crate) fn ask_for_stamps(socket: impl AsFd) -> io::Result<()> {
    setsockopt(&socket, sockopt::ReceiveTimestamp, &true).map_err(io::Error::from)
}
