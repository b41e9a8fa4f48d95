//! Where a reader is sent back to: a path of the portal and never another site.

/// The path that `text` names, if it is one of ours as every browser reads it.
///
/// Browsers take `//evil`, `/\evil` and a tab between two slashes for another host, and drop line breaks; so only
/// visible ASCII without a backslash is accepted, and only one leading slash.
pub(super) fn path(text: &str) -> Option<&str> {
    let visible = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (visible && text.starts_with('/') && !text.starts_with("//")).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_ours_is_kept_with_its_query() {
        for text in [
            "/",
            "/docs/quickstart",
            "/builder?operation=clients.list&query.limit=2",
            "/docs/errors#x",
        ] {
            assert_eq!(path(text), Some(text));
        }
    }

    #[test]
    fn another_site_is_never_one() {
        for text in [
            "",
            "docs",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " //evil.example",
            "/docs\r\nSet-Cookie: a=b",
            "/é",
            "javascript:alert(1)",
        ] {
            assert_eq!(path(text), None, "{text:?}");
        }
    }
}
