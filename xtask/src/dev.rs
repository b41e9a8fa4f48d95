//! Serves the portal and keeps it up to date with the sources: rebuild on change, restart when the build is good.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::{Child, Command},
    thread,
    time::{Duration, SystemTime},
};

use anyhow::Result;

use crate::{
    serve,
    site::{self, Bundle},
    workspace::{self, Profile, Workspace},
};

/// What the running portal is made of.
const WATCHED: [&str; 6] = ["app", "src", "content", "style", "public", "migrations"];

// Polling a few hundred files costs less than a millisecond and needs no crate and no kernel limit.
const PAUSE: Duration = Duration::from_millis(500);

type Snapshot = BTreeMap<PathBuf, SystemTime>;

/// Runs until interrupted.
pub(crate) fn run(workspace: &Workspace, args: &[String]) -> Result<()> {
    let mut seen = snapshot(workspace)?;
    let mut running = restart(workspace, args, None);
    loop {
        thread::sleep(PAUSE);
        let now = snapshot(workspace)?;
        if let Some(path) = first_difference(&seen, &now) {
            println!(
                "changed: {}",
                path.strip_prefix(&workspace.root).unwrap_or(path).display()
            );
            seen = now;
            running = restart(workspace, args, running);
        }
    }
}

/// Builds, and only if that works replaces the running server, so that a typing error does not take it away.
fn restart(workspace: &Workspace, args: &[String], running: Option<Child>) -> Option<Child> {
    let built = site::build(workspace, Bundle::Quick).and_then(|()| workspace.build_portal(Profile::Debug));
    if let Err(error) = built {
        eprintln!("{error:#}\nwaiting for the next change");
        return running;
    }
    if let Some(child) = running {
        stop(child);
    }
    match serve::command(workspace, Profile::Debug, args).spawn() {
        Ok(child) => Some(child),
        Err(error) => {
            eprintln!("could not start the portal: {error}");
            None
        }
    }
}

/// Asks the server to drain, and insists after five seconds.
fn stop(mut child: Child) {
    // std can only kill outright; the kill command sends the polite signal.
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    for _ in 0..50 {
        if asked.is_err() || !matches!(child.try_wait(), Ok(None)) {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    child
        .kill()
        .and_then(|()| child.wait())
        .map_or_else(|error| eprintln!("could not stop: {error}"), drop);
}

fn snapshot(workspace: &Workspace) -> Result<Snapshot> {
    let mut times = Snapshot::new();
    for folder in WATCHED {
        for path in workspace::files(&workspace.root.join(folder))? {
            // A file that vanishes between listing and asking shows as a difference on the next round.
            if let Ok(time) = path.metadata().and_then(|meta| meta.modified()) {
                times.insert(path, time);
            }
        }
    }
    Ok(times)
}

fn first_difference<'a>(before: &'a Snapshot, after: &'a Snapshot) -> Option<&'a PathBuf> {
    let changed = after.iter().find(|(path, time)| before.get(*path) != Some(*time));
    let removed = before.iter().find(|(path, _)| !after.contains_key(*path));
    changed.or(removed).map(|(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_newer_an_added_and_a_removed_file_each_count_as_a_change() {
        let before = Snapshot::from([("a".into(), at(1)), ("b".into(), at(1))]);
        let newer = Snapshot::from([("a".into(), at(2)), ("b".into(), at(1))]);
        let added = Snapshot::from([("a".into(), at(1)), ("b".into(), at(1)), ("c".into(), at(1))]);
        let removed = Snapshot::from([("a".into(), at(1))]);
        assert_eq!(first_difference(&before, &before), None);
        assert_eq!(first_difference(&before, &newer), Some(&"a".into()));
        assert_eq!(first_difference(&before, &added), Some(&"c".into()));
        assert_eq!(first_difference(&before, &removed), Some(&"b".into()));
    }
}
