//! The table of hostile addresses and URLs.

use super::*;

fn rules(allow_private: bool) -> TargetRules {
    TargetRules {
        allow_private,
        api_url: "https://api.aleta.example".to_owned(),
        portal_url: "http://127.0.0.1:3000".to_owned(),
        own: vec![
            "127.0.0.1:4000".parse().unwrap(),
            "127.0.0.1:3000".parse().unwrap(),
        ],
    }
}

#[test]
fn only_global_unicast_is_public() {
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "3fff::1",
        "3fff:fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456:789a::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ] {
        assert!(!is_global(address.parse().unwrap()), "{address}");
    }
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "11.0.0.1",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2606:4700:4700::1111",
        "2a00:1450:4001:81b::200e",
        "3ffe::1",
    ] {
        assert!(is_global(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn a_url_that_leads_inside_is_refused_however_it_is_written() {
    for url in [
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://127。0。0。1/",
        "https://①②⑦.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
        "https://[fe80::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://10.0.0.1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://192.168.1.1:8443/",
        "https://api.aleta.example/v1/clients",
        "https://API.aleta.example:443/oauth/token",
    ] {
        assert_eq!(rules(false).judge(url), Err(Unfit::Address), "{url}");
    }
}

#[test]
fn what_a_url_must_not_carry_is_refused() {
    for (url, unfit) in [
        ("http://hooks.example/", Unfit::Plain),
        ("ftp://hooks.example/", Unfit::Plain),
        ("file:///etc/passwd", Unfit::Plain),
        ("https://user@hooks.example/", Unfit::Credentials),
        ("https://user:word@hooks.example/", Unfit::Credentials),
        ("https://hooks.example@127.0.0.1/", Unfit::Credentials),
        ("https://hooks.example/#part", Unfit::Fragment),
        ("https://hooks.example:22/", Unfit::Port),
        ("https://hooks.example:80/", Unfit::Port),
        ("https://", Unfit::Malformed),
        ("https://[::1/", Unfit::Malformed),
        ("https://1.2.3.4.5.6/", Unfit::Malformed),
        ("hooks.example", Unfit::Malformed),
    ] {
        assert_eq!(rules(false).judge(url), Err(unfit), "{url}");
    }
    for url in [
        "https://hooks.example/",
        "https://hooks.example:8443/a?b=c",
        "https://8.8.8.8/",
    ] {
        assert!(
            matches!(rules(false).judge(url), Ok(Target::Elsewhere(_))),
            "{url}"
        );
    }
}

#[test]
fn an_operator_may_allow_private_addresses_but_never_ours_or_the_cloud_s() {
    for url in [
        "http://127.0.0.1:9000/",
        "http://localhost:9000/",
        "https://10.1.2.3/",
        "http://[::1]:9000/",
        "http://[fd00::1]/",
        "http://192.168.1.1:4000/",
    ] {
        assert!(
            matches!(rules(true).judge(url), Ok(Target::Elsewhere(_))),
            "{url}"
        );
    }
    for url in [
        "http://169.254.169.254/",
        "http://[::ffff:169.254.169.254]/",
        "http://0.0.0.0:9000/",
        "http://[::]:9000/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://127.0.0.1:4000/v1/clients",
        "http://127.0.0.2:4000/v1/clients",
        "http://[::ffff:127.0.0.1]:4000/",
        "http://127.0.0.1:3000/",
    ] {
        assert_eq!(rules(true).judge(url), Err(Unfit::Address), "{url}");
    }
}

#[test]
fn an_inbox_is_reached_at_the_api_s_own_host_and_nothing_else_is() {
    let judged = rules(false).judge("https://api.aleta.example/inbox/sbx_1/inb_1");
    assert_eq!(judged, Ok(Target::Inbox("/inbox/sbx_1/inb_1".to_owned())));
    for url in [
        "https://api.aleta.example/inbox/../v1/clients",
        "https://api.aleta.example/inbox/%2e%2e/v1/clients",
        "https://api.aleta.example/inbox",
        "https://api.aleta.example/inbox/a/b?c=d",
    ] {
        assert_eq!(rules(false).judge(url), Err(Unfit::Address), "{url}");
    }
    let elsewhere = rules(false).judge("https://api.aleta.example.evil.example/inbox/a/b");
    assert!(matches!(elsewhere, Ok(Target::Elsewhere(_))));
}
