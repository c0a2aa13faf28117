use super::*;

const SMALL: &str = r#"
[place]
name = { zh = "苏州工业园区·斜塘街道" }
division = "320571"

[release]
url = "https://example.gov.cn/release"
root = "root.json"
"#;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/etc/mingchuang/terminal.toml"))
}

fn complaint(text: &str) -> (usize, usize, String, String) {
    match parse(text).unwrap_err() {
        ConfigError::Invalid {
            line,
            column,
            key,
            message,
            ..
        } => (line, column, key, message),
        ConfigError::Read { .. } => panic!("nothing was read"),
    }
}

#[test]
fn the_documented_sample_is_valid_and_uses_every_section() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../terminal.toml");
    let config = Config::load(&path).unwrap();
    assert!(config.public.is_some());
    assert!(config.release.site_cache.is_some());
    assert!(config.release.download.hours.is_some());
    assert!(config.printer.is_some());
    assert!(config.scanner.is_some());
    assert!(config.card_reader.is_some());
    assert!(config.gpio.is_some());
    assert!(config.hub.is_some());
}

#[test]
fn what_is_left_out_has_a_default() {
    let config = parse(SMALL).unwrap();
    assert_eq!(config.release.poll_seconds, 300);
    assert_eq!(config.kiosk.languages, [Language::Zh, Language::En]);
    assert_eq!(config.printer, None);
    assert_eq!(config.public, None);
}

#[test]
fn relative_paths_start_at_the_file_and_the_url_names_a_folder() {
    let config = parse(SMALL).unwrap();
    assert_eq!(config.release.root, Path::new("/etc/mingchuang/root.json"));
    assert_eq!(config.release.url.as_str(), "https://example.gov.cn/release/");
}

#[test]
fn a_misspelt_key_is_named_with_its_place() {
    let (line, column, key, message) = complaint(&SMALL.replace("division", "  divison"));
    assert_eq!((line, column, key.as_str()), (4, 3, "place.divison"));
    assert!(message.contains("divison"), "{message}");
}

#[test]
fn a_wrong_value_is_named_with_its_place() {
    let (line, column, key, message) =
        complaint(&SMALL.replace("https://example.gov.cn/release", "ftp://example.gov.cn"));
    assert_eq!((line, column, key.as_str()), (7, 7, "release.url"));
    assert!(message.contains("http, https, file"), "{message}");

    let (line, _, key, _) = complaint(&SMALL.replace("320571", "32"));
    assert_eq!((line, key.as_str()), (4, "place.division"));

    let (line, _, key, _) = complaint(&format!("{SMALL}\n[kiosk]\nidle-seconds = \"long\"\n"));
    assert_eq!((line, key.as_str()), (11, "kiosk.idle-seconds"));
}

#[test]
fn a_missing_key_is_named_with_its_table() {
    let (line, _, key, message) = complaint(&SMALL.replace("root = \"root.json\"\n", ""));
    assert_eq!((line, key.as_str()), (6, "release"));
    assert!(message.contains("root"), "{message}");
}

#[test]
fn broken_toml_is_named_with_its_place() {
    let (line, ..) = complaint("[place]\nname = ");
    assert_eq!(line, 2);
}

#[test]
fn the_error_reads_like_a_compilers() {
    let error = parse(&SMALL.replace("division", "divison"))
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("/etc/mingchuang/terminal.toml:4:1: place.divison: "),
        "{error}"
    );
}

#[test]
fn a_device_is_found_by_tcp_or_by_its_file() {
    let endpoint = |text: &str| {
        let config = parse(&format!("{SMALL}\n[card-reader]\n{text}")).unwrap();
        config.card_reader.unwrap().endpoint
    };
    assert_eq!(
        endpoint("kind = \"tcp\"\naddress = \"127.0.0.1:9100\""),
        Endpoint::Tcp("127.0.0.1:9100".to_owned())
    );
    assert_eq!(
        endpoint("kind = \"serial\"\naddress = \"/dev/ttyACM0\"\nbaud = 9600"),
        Endpoint::Device {
            path: "/dev/ttyACM0".into(),
            baud: 9600
        }
    );
    for id in ["0400:c35a", "0400:c35a:A1"] {
        assert_eq!(
            endpoint(&format!("kind = \"usb\"\naddress = \"{id}\"")),
            Endpoint::Usb(id.to_owned())
        );
        assert_eq!(
            endpoint(&format!("kind = \"serial\"\naddress = \"{id}\"\nbaud = 9600")),
            Endpoint::Serial {
                id: id.to_owned(),
                baud: 9600
            }
        );
    }
}

#[test]
fn an_address_that_does_not_fit_its_kind_is_named_with_its_section() {
    for text in [
        "kind = \"tcp\"\naddress = \"/dev/ttyACM0\"",
        "kind = \"tcp\"\naddress = \"127.0.0.1:9100\"\nbaud = 9600",
        "kind = \"file\"\naddress = \"/dev/usb/lp0\"\nbaud = 9600",
        "kind = \"usb\"\naddress = \"04b8\"",
        "kind = \"usb\"\naddress = \"04b8:0e15:\"",
        "kind = \"serial\"\naddress = \"ttyUSB:0\"",
    ] {
        let (line, _, key, message) = complaint(&format!("{SMALL}\n[printer]\n{text}"));
        assert_eq!((line, key.as_str()), (10, "printer"), "{message}");
    }
}

#[test]
fn a_logo_starts_at_the_file_and_only_some_printers_take_slips_back_in() {
    let printer = |text: &str| {
        let text = format!("{SMALL}\n[printer]\nkind = \"tcp\"\naddress = \"printer:9100\"\n{text}");
        parse(&text).map(|config| config.printer.unwrap())
    };
    let logo = printer("logo = \"logo.png\"").unwrap().logo;
    assert_eq!(logo.as_deref(), Some(Path::new("/etc/mingchuang/logo.png")));
    let seconds = printer("profile = \"kiosk-80\"\nretract-seconds = 60")
        .unwrap()
        .retract_seconds;
    assert_eq!(seconds, Some(60));
    for bad in [
        "retract-seconds = 60",
        "profile = \"kiosk-80\"\nretract-seconds = 0",
    ] {
        assert!(printer(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_scanner_that_types_is_named_by_vendor_and_product() {
    let scanner =
        |text: &str| parse(&format!("{SMALL}\n[scanner]\n{text}")).map(|config| config.scanner.unwrap());
    let hid = scanner("kind = \"hid\"\naddress = \"0c2e:0b61\"").unwrap();
    assert_eq!(hid.source, ScannerSource::Hid("0c2e:0b61".to_owned()));
    for bad in [
        "kind = \"hid\"\naddress = \"/dev/input/event3\"",
        "kind = \"hid\"\naddress = \"0c2e:0b61\"\nbaud = 9600",
        "kind = \"hid\"\naddress = \"0c2e:0b61\"\nconfiguration-key = \"abc\"",
    ] {
        assert!(scanner(bad).is_err(), "{bad}");
    }
    let key = "ab".repeat(32);
    let text = format!("kind = \"tcp\"\naddress = \"127.0.0.1:1\"\nconfiguration-key = \"{key}\"");
    assert_eq!(scanner(&text).unwrap().configuration_key, Some([0xab; 32]));
}

#[test]
fn the_hubs_files_lie_beside_the_configuration_and_its_address_is_a_folder() {
    let hub = "[hub]\nurl = \"https://hub.example.gov.cn/terminals\"\nkeys = \"hub.json\"\n\
               certificate-authority = \"/etc/ssl/hub.pem\"\n";
    let hub = parse(&format!("{SMALL}{hub}")).unwrap().hub.unwrap();
    assert_eq!(hub.keys, Path::new("/etc/mingchuang/hub.json"));
    assert_eq!(hub.certificate_authority.unwrap(), Path::new("/etc/ssl/hub.pem"));
    assert_eq!(hub.url.as_str(), "https://hub.example.gov.cn/terminals/");
    assert_eq!(hub.report_seconds, 300);
    let (_, _, key, message) = complaint(&format!(
        "{SMALL}[hub]\nurl = \"file:///x\"\nkeys = \"hub.json\"\n"
    ));
    assert_eq!(key, "hub.url");
    assert!(message.contains("http"), "{message}");
}
