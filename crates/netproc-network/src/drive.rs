//! Serving a network on the thread that waits for something.

use std::sync::Arc;
use std::task::{Context, Poll};

use futures_lite::future;

use crate::deliver::all_running_here;
use crate::network::Network;
use crate::shared::Shared;
use crate::wakers::Guest;

/// Runs a future to its end on this thread, serving the network meanwhile.
pub(crate) fn block_on_driving<T>(network: &Network, future: impl Future<Output = T>) -> T {
    netproc_socket::block_on(drive(network, future))
}

/// Does the same for a future that does not wait: this thread looks at the sockets itself, so
/// that what is ready already is seen before the future ends.
pub(crate) fn look_driving<T>(network: &Network, future: impl Future<Output = T>) -> T {
    netproc_socket::block_on_watching(drive(network, future))
}

/// Awaits a future, serving the network meanwhile if the future is not ready at once.
pub(crate) async fn drive<T>(network: &Network, future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    if let Some(output) = future::poll_once(future.as_mut()).await {
        return output;
    }
    let engine = network.engine();
    engine
        .run(future::or(future, send_for(all_running_here())))
        .await
}

/// Sends what the processes have queued whose callbacks are waiting on this thread; never ready.
///
/// Their own tasks cannot: they are in the middle of those callbacks.
async fn send_for<T>(waiting: Vec<Arc<Shared>>) -> T {
    future::poll_fn(|context| {
        for shared in &waiting {
            shared.wakers.add_guest(Guest::Server, context.waker());
            let own = shared.wakers.shared_waker();
            shared.flush(&mut Context::from_waker(&own));
        }
        Poll::Pending
    })
    .await
}
