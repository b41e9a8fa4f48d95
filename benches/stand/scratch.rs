//! A folder that a measurement has to itself.

use std::{error::Error, fs, path::Path};

/// Makes the folder, runs what is measured in it, and removes it again.
pub(crate) fn measure_in(
    name: &str,
    measure: impl AsyncFnOnce(&Path) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("portal-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let measured = runtime.block_on(measure(&folder));
    fs::remove_dir_all(&folder)?;
    measured
}
