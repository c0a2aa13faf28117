//! Lines that drop: every connection through one lasts for so many bytes of answers, and then is cut wherever it is. An answer
//! to something handed in may be lost after the hub has taken it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A line to a server.
#[derive(Debug)]
pub struct Line {
    /// Where its near end is.
    pub address: SocketAddr,
    cuts: Arc<AtomicU64>,
}

impl Line {
    /// A line that leads to `to`. A connection lasts for `mean` bytes of answers on average.
    pub async fn to(to: SocketAddr, mean: f64, seed: u64) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let cuts = Arc::<AtomicU64>::default();
        let counted = Arc::clone(&cuts);
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(seed);
            while let Ok((near, _)) = listener.accept().await {
                let lasts = (-(1.0 - random.f64()).ln() * mean) as usize;
                let counted = Arc::clone(&counted);
                tokio::spawn(async move {
                    if carry(near, to, lasts).await.unwrap_or(false) {
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        Ok(Self { address, cuts })
    }

    /// How many connections were cut.
    #[must_use]
    pub fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::Relaxed)
    }
}

/// Carries a connection to its end; whether it was cut.
async fn carry(near: TcpStream, to: SocketAddr, lasts: usize) -> std::io::Result<bool> {
    let far = TcpStream::connect(to).await?;
    let (mut near_in, mut near_out) = near.into_split();
    let (mut far_in, mut far_out) = far.into_split();
    let up = tokio::io::copy(&mut near_in, &mut far_out);
    let down = async {
        let (mut left, mut buffer) = (lasts, vec![0; 16 << 10]);
        loop {
            let read = far_in.read(&mut buffer).await?;
            if read == 0 {
                return Ok(false);
            }
            let passes = read.min(left);
            near_out.write_all(&buffer[..passes]).await?;
            left -= passes;
            if left == 0 {
                return Ok(true);
            }
        }
    };
    tokio::select! {
        copied = up => copied.map(|_| false),
        cut = down => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_is_cut_in_the_middle_of_what_it_carries() {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Line::to(server.local_addr().unwrap(), 3000.0, 7).await.unwrap();
        tokio::spawn(async move {
            let (mut caller, _) = server.accept().await.unwrap();
            let _cut = caller.write_all(&vec![1; 1 << 20]).await;
        });
        let mut client = TcpStream::connect(line.address).await.unwrap();
        let mut got = Vec::new();
        let _end_or_reset = client.read_to_end(&mut got).await;
        assert!(got.len() < 1 << 20, "{}", got.len());
        while line.cuts() == 0 {
            tokio::task::yield_now().await;
        }
    }
}
