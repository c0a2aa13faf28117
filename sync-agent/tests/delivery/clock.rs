//! A terminal whose clock starts in 1970 still believes the servers that it believed before.

use std::sync::Arc;

use catalog::clock::{Clock, FixedClock, SystemClock};
use hub::serve::{Connections, Services, acceptor, serve_all};
use jiff::{SignedDuration, Timestamp};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use sync_agent::http::{CertificateTime, hub_client};
use sync_agent::release::{Options, Pulled, Source, StateFolder, certificate_time};
use tokio::net::TcpListener;
use url::Url;

use crate::support::{Place, records};

/// Serves a release over TLS with a certificate that became valid yesterday, and says where and what signed it.
async fn serve(place: &Place) -> (Url, String) {
    let now = SystemClock.now();
    let day = |time: Timestamp| {
        let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
        date_time_ymd(date.year().into(), date.month() as u8, date.day() as u8)
    };
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    parameters.not_before = day(now - SignedDuration::from_hours(24));
    parameters.not_after = day(now + SignedDuration::from_hours(24 * 90));
    let certificate = parameters.self_signed(&key).unwrap().pem();
    let (certificate_file, key_file) = (place.path("tls.pem"), place.path("tls.key"));
    catalog::atomic::write(&certificate_file, certificate.as_bytes()).unwrap();
    catalog::atomic::write(&key_file, key.serialize_pem().as_bytes()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let services = Services {
        folder: place.repository(),
        intake: None,
        tls: Some(acceptor(&certificate_file, &key_file, None).unwrap()),
        connections: Connections::default(),
    };
    tokio::spawn(serve_all(services, listener, std::future::pending()));
    (url.parse().unwrap(), certificate)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_starts_in_1970_does_not_keep_a_terminal_from_its_servers() {
    let place = Place::new().await;
    // Published long before the server's certificate was made, and signed anew since.
    let long_ago = FixedClock(SystemClock.now() - SignedDuration::from_hours(24 * 30));
    place.publish_at(&records("名"), &long_ago).await;
    place.publish(&records("名")).await;
    // The terminal looks while its clock is right.
    place.pull_folder(&place.repository()).await.unwrap();
    let (url, authority) = serve(&place).await;

    let clock: Arc<dyn Clock> = Arc::new(FixedClock(Timestamp::UNIX_EPOCH));
    let new = CertificateTime::new(Arc::clone(&clock), None);
    let client = hub_client(&new, Some(authority.as_bytes()), None).unwrap();
    let error = client.get(url.clone()).send().await.unwrap_err();
    assert!(format!("{error:?}").contains("NotValidYet"), "{error:?}");

    // A second time: the first look after the start has not undone what was known.
    for _ in 0..2 {
        let time = certificate_time(&StateFolder::open(&place.state()).unwrap(), &clock);
        let client = hub_client(&time, Some(authority.as_bytes()), None).unwrap();
        let source = Source::new(url.clone(), client).unwrap();
        let mut puller = place
            .puller(source, Options::default(), Arc::clone(&clock))
            .unwrap();
        let report = puller.pull().await.unwrap();
        assert!(report.clock_behind);
        assert_eq!(report.pulled, Pulled::UpToDate);
    }
}
