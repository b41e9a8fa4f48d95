//! Judges from outside: linters, a fuzzer and client generators that read nothing but the published OpenAPI document.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

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

type Judge = fn(&Court) -> Result<()>;

/// Everything that the judges are handed.
struct Court {
    /// Where the judges' settings and programs are.
    bench: PathBuf,
    /// `end2end`, where npm's judges are installed.
    packages: PathBuf,
    /// Python's judges.
    python: PathBuf,
    /// What the judges write.
    work: PathBuf,
    document: PathBuf,
    api: String,
    token: String,
}

/// Runs every judge against the debug build and counts the verdicts.
pub(crate) fn run(workspace: &Workspace) -> Result<Tally> {
    let packages = workspace.root.join("end2end");
    browser::install_packages(&packages)?;
    let bench = packages.join("judges");
    let python = install_python(&bench, &workspace.target.join("judges-python"))?;
    let scratch = Scratch::below(&workspace.target)?;
    let program = workspace.portal(Profile::Debug);
    let installation = Installation::of(&program, &scratch);
    let credentials = installation.create_sandbox("unlimited")?;
    let portal = installation.start()?;
    let work = scratch.fresh("judges");
    fs::create_dir_all(&work)?;
    let court = Court {
        document: fetch_document(&portal, &work)?,
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

/// A virtual environment with the judges of this very list.
fn install_python(bench: &Path, folder: &Path) -> Result<PathBuf> {
    let list = bench.join("requirements.txt");
    let wanted = fs::read_to_string(&list).context("the list of Python judges is missing")?;
    let stamp = folder.join("stamp");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == wanted) {
        return Ok(folder.join("bin"));
    }
    if make_environment(folder).is_err() {
        // Debian's Python comes without the module until it is asked for.
        browser::apt(&["update"])?;
        browser::apt(&["install", "-y", "--no-install-recommends", "python3-venv"])?;
        make_environment(folder)?;
    }
    let mut install = Command::new(folder.join("bin/pip"));
    install
        .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
        .arg(&list);
    run_command(&mut install)?;
    fs::write(stamp, wanted)?;
    Ok(folder.join("bin"))
}

fn make_environment(folder: &Path) -> Result<()> {
    let mut command = Command::new("python3");
    command.args(["-m", "venv", "--clear"]).arg(folder);
    run_command(&mut command)
}

impl Court {
    fn judge(&self) -> Tally {
        let judges: [(&str, Judge); 5] = [
            ("redocly", Court::redocly),
            ("spectral", Court::spectral),
            ("python client", Court::python_client),
            ("typescript client", Court::typescript_client),
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
        fs::copy(self.bench.join("client.ts"), self.work.join("client.ts"))?;
        fs::write(self.work.join("package.json"), r#"{"type":"module"}"#)?;
        let mut compile = self.npx("tsc");
        let types = self.packages.join("node_modules/@types");
        compile
            .args([
                "--strict",
                "--noUncheckedIndexedAccess",
                "--target",
                "es2022",
                "--types",
                "node",
            ])
            .args([
                "--module",
                "es2022",
                "--moduleResolution",
                "bundler",
                "--typeRoots",
            ])
            .arg(types)
            .arg("client.ts");
        run_command(&mut compile)?;
        let mut node = Command::new("node");
        node.current_dir(&self.work)
            .arg("client.js")
            .env("API_URL", &self.api)
            .env("TOKEN", &self.token);
        run_command(&mut node)
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
