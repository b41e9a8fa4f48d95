//! What stands behind the three backticks: a language, then `tab="…"`, `title="…"` or `rail`.

/// How a sample is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fence {
    /// The language, by the name that the parts know.
    pub(super) lang: String,
    /// What stands above it.
    pub(super) title: String,
    /// Its label among several samples.
    pub(super) tab: Option<String>,
    /// Whether it stands beside the text rather than under it.
    pub(super) rail: bool,
}

/// Reads the text behind the backticks.
pub(super) fn parse(info: &str) -> Result<Fence, String> {
    let (lang, mut rest) = info.split_once(' ').unwrap_or((info, ""));
    let mut fence = Fence {
        lang: language(lang)?.to_owned(),
        ..Fence::default()
    };
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let bare = rest.strip_prefix("rail");
        if let Some(after) = bare.filter(|after| after.is_empty() || after.starts_with(' ')) {
            (fence.rail, rest) = (true, after);
            continue;
        }
        let unknown = || format!("a code block has tab=\"…\", title=\"…\" or rail, not `{rest}`");
        let (name, value, after) = attribute(rest).ok_or_else(unknown)?;
        match name {
            "tab" => fence.tab = Some(value.to_owned()),
            "title" => value.clone_into(&mut fence.title),
            _ => return Err(unknown()),
        }
        rest = after;
    }
    Ok(fence)
}

/// `name="value"` at the start of a text, and what stands behind it.
pub(super) fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, value) = text.split_once("=\"")?;
    let (value, after) = value.split_once('"')?;
    Some((name, value, after))
}

fn language(name: &str) -> Result<&'static str, String> {
    Ok(match name {
        "bash" | "sh" | "shell" => "shell",
        "json" => "json",
        "http" => "http",
        "rust" => "rust",
        "python" => "python",
        "ts" | "typescript" => "typescript",
        "go" => "go",
        "java" => "java",
        "csharp" => "csharp",
        "toml" => "toml",
        "sql" => "sql",
        "text" => "text",
        "" => return Err("a code block names its language; `text` has none".to_owned()),
        _ => return Err(format!("there is no language {name}")),
    })
}
