//! A web server that means no good.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// How every request is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behaviour {
    /// Nothing has changed.
    NotModified,
    /// A page to log in on.
    Portal,
    /// A byte now and then.
    Drip,
    /// Spaces without end.
    Endless,
}

/// Starts the server on a free port; it runs until the test ends.
pub(crate) async fn hostile(behaviour: Behaviour) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(async move {
                // The client hangs up when it has had enough.
                let _hung_up = answer(connection, behaviour).await;
            });
        }
    });
    url.parse().unwrap()
}

async fn answer(mut connection: TcpStream, behaviour: Behaviour) -> std::io::Result<()> {
    loop {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(connection.read_u8().await?);
        }
        let root = request.windows(10).any(|window| window == b".root.json");
        match behaviour {
            // There is no newer root: the terminal goes on to the timestamp.
            Behaviour::Drip | Behaviour::Portal | Behaviour::Endless | Behaviour::NotModified if root => {
                let none = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
                connection.write_all(none.as_bytes()).await?;
            }
            Behaviour::NotModified => {
                let same = "HTTP/1.1 304 Not Modified\r\nETag: \"same\"\r\n\r\n";
                connection.write_all(same.as_bytes()).await?;
            }
            Behaviour::Portal => {
                let page = "<!DOCTYPE html><title>欢迎使用免费无线网络</title><form action=/login></form>";
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
                    page.len()
                );
                connection.write_all(head.as_bytes()).await?;
            }
            Behaviour::Drip => {
                connection
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n{")
                    .await?;
                loop {
                    connection.write_all(b" ").await?;
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                }
            }
            Behaviour::Endless => {
                connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                loop {
                    connection.write_all(&[b' '; 4096]).await?;
                }
            }
        }
    }
}
