//! A request as a command or a program, printed from the object that the builder sends.

mod csharp;
mod curl;
mod go;
mod http;
mod java;
mod literal;
mod python;
mod rust;
mod typescript;

use crate::request::Wire;

pub use curl::curl;

/// The token in a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer<'a> {
    /// The shell variable `ACCESS_TOKEN`, so that no secret is copied around.
    Variable,
    /// This text, as it is.
    Text(&'a str),
}

/// What a sample is written in. Each reads the token from the environment variable `ACCESS_TOKEN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// A shell command.
    Curl,
    /// The message as it travels.
    Http,
    /// Python, with nothing but its standard library.
    Python,
    /// TypeScript with `fetch`; also plain JavaScript.
    TypeScript,
    /// Rust with `reqwest`.
    Rust,
    /// Go, with nothing but its standard library.
    Go,
    /// C# with the HTTP client of .NET.
    CSharp,
    /// Java, with nothing but its standard library.
    Java,
}

impl Language {
    /// Every language, in the order of the tabs.
    pub const ALL: [Self; 8] = [
        Self::Curl,
        Self::Http,
        Self::Python,
        Self::TypeScript,
        Self::Rust,
        Self::Go,
        Self::CSharp,
        Self::Java,
    ];

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Http => "HTTP",
            Self::Python => "Python",
            Self::TypeScript => "TypeScript",
            Self::Rust => "Rust",
            Self::Go => "Go",
            Self::CSharp => "C#",
            Self::Java => "Java",
        }
    }

    /// What it is called in an address, an id or a class.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Http => "http",
            Self::Python => "python",
            Self::TypeScript => "typescript",
            Self::Rust => "rust",
            Self::Go => "go",
            Self::CSharp => "csharp",
            Self::Java => "java",
        }
    }

    /// The request in this language.
    pub fn print(self, wire: &Wire) -> String {
        match self {
            Self::Curl => curl(wire, Bearer::Variable),
            Self::Http => http::print(wire),
            Self::Python => python::print(wire),
            Self::TypeScript => typescript::print(wire),
            Self::Rust => rust::print(wire),
            Self::Go => go::print(wire),
            Self::CSharp => csharp::print(wire),
            Self::Java => java::print(wire),
        }
    }
}

/// `if-none-match` as `If-None-Match`.
fn title(name: &str) -> String {
    name.split('-')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_ascii_uppercase().to_string() + letters.as_str()
            })
        })
        .collect::<Vec<_>>()
        .join("-")
}
