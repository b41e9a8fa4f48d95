//! Judges from outside: linters, a fuzzer and client generators that read nothing but the published OpenAPI document, and
//! receivers of webhooks that check signatures with nothing but the published libraries.

mod python;
mod receivers;

use std::{
    fs,
    net::SocketAddr,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use super::{browser, tally::Tally};
use crate::{
    bench::{
        http::Ask,
        portal::{Installation, Portal},
        scratch::Scratch,
    },
    workspace::{Profile, Workspace, run as run_command},
};

/// Cases that the fuzzer makes for each operation in each of its phases.
const CASES: &str = "12";

type Judge<'a> = fn(&Court<'a>) -> Result<()>;

/// Everything that the judges are handed.
struct Court<'a> {
    workspace: &'a Workspace,
    /// Where the judges' settings and programs are.
    bench: PathBuf,
    /// `end2end`, where npm's judges are installed.
    packages: PathBuf,
    /// Python's judges.
    python: PathBuf,
    /// What the judges write.
    work: PathBuf,
    document: PathBuf,
    address: SocketAddr,
    api: String,
    token: String,
}

/// Runs every judge against the debug build and counts the verdicts.
pub(crate) fn run(workspace: &Workspace) -> Result<Tally> {
    let packages = workspace.root.join("end2end");
    browser::install_packages(&packages)?;
    let bench = packages.join("judges");
    let python = python::install(&bench, &workspace.target.join("judges-python"))?;
    let scratch = Scratch::below(&workspace.target)?;
    let program = workspace.portal(Profile::Debug);
    let installation = Installation::of(&program, &scratch);
    let credentials = installation.create_sandbox("unlimited")?;
    let portal = installation.start()?;
    let work = scratch.fresh("judges");
    fs::create_dir_all(&work)?;
    fs::write(work.join("package.json"), r#"{"type":"module"}"#)?;
    symlink(packages.join("node_modules"), work.join("node_modules"))?;
    let court = Court {
        workspace,
        document: fetch_document(&portal, &work)?,
        address: portal.api,
        api: format!("http://{}", portal.api),
        token: portal.token(&credentials)?,
        bench,
        packages,
        python,
        work,
    };
    let tally = court.judge();
    portal.stop()?;
    Ok(tally)
}

fn fetch_document(portal: &Portal, work: &Path) -> Result<PathBuf> {
    let path = work.join("openapi.json");
    fs::write(&path, portal.ask(&Ask::get("/v1/openapi.json"), 200)?.body)?;
    Ok(path)
}

impl<'a> Court<'a> {
    fn judge(&self) -> Tally {
        let judges: [(&str, Judge<'a>); 10] = [
            ("redocly", Court::redocly),
            ("spectral", Court::spectral),
            ("python client", Court::python_client),
            ("typescript client", Court::typescript_client),
            ("python signatures", Court::python_signatures),
            ("typescript signatures", Court::typescript_signatures),
            ("python receiver", Court::python_receiver),
            ("typescript receiver", Court::typescript_receiver),
            ("rust receiver", Court::rust_receiver),
            ("schemathesis", Court::schemathesis),
        ];
        let mut tally = Tally::default();
        for (name, judge) in judges {
            println!("--- {name}");
            match judge(self) {
                Ok(()) => tally += Tally::one_passed(),
                Err(error) => {
                    eprintln!("{name}: {error:#}");
                    tally += Tally::one_failed();
                }
            }
        }
        tally
    }

    fn npx(&self, program: &str) -> Command {
        let mut command = Command::new(self.packages.join("node_modules/.bin").join(program));
        command
            .current_dir(&self.work)
            .env("REDOCLY_TELEMETRY", "off")
            .env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        command
    }

    fn python(&self, program: &str) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(self.python.join(program));
        command
            .current_dir(&self.work)
            .env("PATH", format!("{}:{path}", self.python.display()))
            .env("PYTHONPATH", &self.work)
            .env("API_URL", &self.api)
            .env("TOKEN", &self.token);
        command
    }

    fn redocly(&self) -> Result<()> {
        let mut command = self.npx("redocly");
        command
            .args(["lint", "--max-problems", "20", "--config"])
            .arg(self.bench.join("redocly.yaml"))
            .arg(&self.document);
        run_command(&mut command)
    }

    fn spectral(&self) -> Result<()> {
        let mut command = self.npx("spectral");
        command
            .args(["lint", "--fail-severity", "warn", "--ruleset"])
            .arg(self.bench.join("spectral.yaml"))
            .arg(&self.document);
        run_command(&mut command)
    }

    fn python_client(&self) -> Result<()> {
        let mut generate = self.python("openapi-python-client");
        generate
            .args(["generate", "--meta", "none", "--fail-on-warning", "--output-path"])
            .arg(self.work.join("aleta"))
            .arg("--config")
            .arg(self.bench.join("generator.yaml"))
            .arg("--path")
            .arg(&self.document);
        run_command(&mut generate)?;
        run_command(self.python("python").arg(self.bench.join("client.py")))
    }

    fn typescript_client(&self) -> Result<()> {
        let mut generate = self.npx("openapi-typescript");
        generate.arg(&self.document).args(["--output", "api.d.ts"]);
        run_command(&mut generate)?;
        self.typescript_of_ours("client")
    }

    /// Compiles and runs a program of ours by this name.
    fn typescript_of_ours(&self, name: &str) -> Result<()> {
        let program = format!("{name}.ts");
        fs::copy(self.bench.join(&program), self.work.join(&program))?;
        self.compile(&program)?;
        run_command(&mut self.node(&format!("{name}.js")))
    }

    fn node(&self, program: &str) -> Command {
        let mut node = Command::new("node");
        node.current_dir(&self.work)
            .arg(program)
            .env("API_URL", &self.api)
            .env("TOKEN", &self.token);
        node
    }

    fn compile(&self, program: &str) -> Result<()> {
        let mut compile = self.npx("tsc");
        compile
            .args(["--strict", "--noUncheckedIndexedAccess", "--target", "es2022"])
            .args(["--module", "es2022", "--moduleResolution", "bundler"])
            .args(["--types", "node", program]);
        run_command(&mut compile)
    }

    fn python_signatures(&self) -> Result<()> {
        run_command(self.python("python").arg(self.bench.join("signatures.py")))
    }

    fn typescript_signatures(&self) -> Result<()> {
        self.typescript_of_ours("signatures")
    }

    fn python_receiver(&self) -> Result<()> {
        let program = receivers::write(&self.workspace.root, "Python", self.work.join("receiver.py"))?;
        receivers::judge(self, self.python("python").arg(program))
    }

    fn typescript_receiver(&self) -> Result<()> {
        receivers::write(&self.workspace.root, "TypeScript", self.work.join("receiver.ts"))?;
        self.compile("receiver.ts")?;
        receivers::judge(self, &mut self.node("receiver.js"))
    }

    /// A test holds the example and the docs to the same text.
    fn rust_receiver(&self) -> Result<()> {
        let build = ["build", "--package", "portal", "--example", "receiver"];
        run_command(&mut self.workspace.cargo(&build))?;
        let program = self.workspace.target.join("debug/examples/receiver");
        receivers::judge(self, &mut Command::new(program))
    }

    /// Examples, boundary values, fuzzing and chains of calls; the same cases in every run.
    fn schemathesis(&self) -> Result<()> {
        let mut command = self.python("schemathesis");
        command
            .args(["run", "--url", &self.api, "--seed", "1", "--max-examples", CASES])
            .args([
                "--workers",
                "2",
                "--continue-on-failure",
                "--suppress-health-check",
                "all",
            ])
            // A reset takes away what the other worker is about to read, and a fault breaks whatever it is doing.
            .args(["--exclude-path-regex", "^/sandbox/(reset|faults)"])
            // A body that fits its schema is refused all the same when an object that it names does not exist, and a
            // condition when it does not hold: no schema can say so. Our own tests send every example.
            .args(["--exclude-checks", "positive_data_acceptance"])
            .args(["--header", &format!("Authorization: Bearer {}", self.token)])
            .arg(&self.document);
        run_command(&mut command)
    }
}
