//! The people of Aleta who operate this installation: added and removed here, and let in by a link.

use super::{CommandError, portal_url};
use crate::{
    cli::StaffCommand,
    clock::Clock,
    config::Config,
    people::{email::Email, staff_link},
    serve,
    store::control::{Control, staff},
};

/// Carries out a command.
///
/// # Errors
/// When there is no such person, or the database fails.
pub(super) async fn run(command: StaffCommand, config: &Config) -> Result<(), CommandError> {
    let control = serve::open_control(config).await?;
    match command {
        StaffCommand::Add { email } => {
            let mut write = control.begin().await?;
            let added = staff::add(&mut write, email.as_str(), Clock::system().now()).await?;
            write.commit().await?;
            println!("{email} {}", if added { "is staff" } else { "was staff already" });
            if added {
                print_link(&control, config, &email).await?;
            }
        }
        StaffCommand::Link { email } => {
            if staff::get(&control, email.as_str()).await?.is_none() {
                return Err(CommandError::NoSuchStaff(email));
            }
            print_link(&control, config, &email).await?;
        }
        StaffCommand::List => {
            for email in staff::list(&control).await? {
                println!("{email}");
            }
        }
        StaffCommand::Remove { email } => {
            let mut write = control.begin().await?;
            if !staff::remove(&mut write, email.as_str()).await? {
                return Err(CommandError::NoSuchStaff(email));
            }
            write.commit().await?;
            println!("{email} is no longer staff");
        }
    }
    control.close().await;
    Ok(())
}

async fn print_link(control: &Control, config: &Config, email: &Email) -> Result<(), CommandError> {
    let mut write = control.begin().await?;
    let code = staff_link(&mut write, email.as_str(), Clock::system().now()).await?;
    write.commit().await?;
    println!(
        "Set a password, once, within 24 hours:\n{}/password?code={code}",
        portal_url(config)
    );
    Ok(())
}
