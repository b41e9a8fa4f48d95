//! What `/proc` says of this process's memory.

use std::fs;

/// The figure of this name, in MiB: `VmRSS:` is what the process holds now, `VmHWM:` the most that it has held.
pub(crate) fn memory(name: &str) -> Result<u64, Box<dyn std::error::Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes: u64 = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .unwrap_or("0")
        .parse()?;
    Ok(kibibytes / 1024)
}
