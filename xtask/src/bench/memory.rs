//! Resident memory with as many tenants open as the server keeps open.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use super::{
    Stand,
    http::Ask,
    portal::Installation,
    table::{Row, Unit},
};

const TENANTS: u32 = 64;

/// 64 tenants, each read from and written to.
pub(crate) fn with_open_tenants(stand: &Stand) -> Result<Vec<Row>> {
    let installation = Installation::new(stand);
    let sandboxes = installation.create_sandboxes("unlimited", TENANTS)?;
    let portal = installation.start()?;
    portal.settle()?;
    let idle = resident(portal.id())?;
    for sandbox in &sandboxes {
        let token = portal.token(sandbox)?;
        let client = portal.create_clients(&token, 3)?;
        let own = format!("/v1/clients/{client}");
        let entities = format!("{own}/legal-entities");
        for path in ["/v1/clients", "/v1/custodians", &own, &entities] {
            portal.ask(&Ask::get(path).bearer(&token), 200)?;
        }
    }
    let open = portal.metric("portal_open_tenants")?;
    ensure!(open >= f64::from(TENANTS), "only {open} tenants are open");
    let row = Row::new(
        "resident with 64 open tenants",
        resident(portal.id())?,
        Unit::Megabytes,
    );
    Ok(vec![row.at_most(200.0).note(format!("{idle:.0} MB with none"))])
}

/// Resident memory in millions of bytes.
pub(super) fn resident(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))
        .context("resident memory is read from /proc")?;
    resident_in(&status).context("/proc names no VmRSS")
}

fn resident_in(status: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_proc_calls_kb_are_1024_bytes() {
        let status = "Name:\tportal\nVmHWM:\t  300000 kB\nVmRSS:\t  125000 kB\n";
        assert!((resident_in(status).unwrap() - 128.0).abs() < 1e-9);
        assert_eq!(resident_in("Name:\tportal\n"), None);
    }
}
