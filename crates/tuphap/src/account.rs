//! `tuphap account`: accounts made and closed by whoever runs the program.

use std::fmt::Write;

use app::accounts::{self, Listed, Made, NewPerson};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use kernel::error::{Error, Result};
use kernel::format::vi;
use kernel::partial_date::parse_date_input;
use kernel::problem::Problem;

use crate::command::{PlaceArguments, say};
use crate::{configuration, wiring};

#[derive(Subcommand)]
pub(crate) enum AccountCommand {
    /// Make an account; its one-time password, and an officer's secret of one-time codes, are shown once.
    #[command(
        after_help = "Example: tuphap account add --data data --login an.nv --name 'Nguyễn Văn An' --role administrator --unit 82"
    )]
    Add(AddArguments),
    /// Disable an account: nobody signs in by it, its sessions and tokens end.
    #[command(after_help = "Example: tuphap account disable --data data --login an.nv")]
    Disable(NamedArguments),
    /// Open a disabled, unused or locked account again, with a new one-time password.
    #[command(after_help = "Example: tuphap account enable --data data --login an.nv --new-codes")]
    Enable(EnableArguments),
    /// List all accounts but those of citizens, for the review that is due every six months.
    #[command(after_help = "Example: tuphap account list --data data --json")]
    List(ListArguments),
}

#[derive(Args)]
pub(crate) struct AddArguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// What the person will type to sign in: letters without marks, digits, . - _ @.
    #[arg(long)]
    login: String,
    /// Full name.
    #[arg(long)]
    name: String,
    /// Role, as in content/national/roles.toml; without one the account is a citizen's.
    #[arg(long, requires = "unit")]
    role: Option<String>,
    /// Code of the unit in which the role is held: 2 digits a province, 5 a commune.
    #[arg(long, requires = "role")]
    unit: Option<String>,
    /// Last day of the role, such as 2027-12-31 or 31/12/2027; no end if absent.
    #[arg(long)]
    until: Option<String>,
    /// Personal number of twelve digits.
    #[arg(long)]
    person_number: Option<String>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct NamedArguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// Login of the account.
    #[arg(long)]
    login: String,
}

#[derive(Args)]
pub(crate) struct EnableArguments {
    #[command(flatten)]
    named: NamedArguments,
    /// Make a new secret of one-time codes too, as when a telephone was lost.
    #[arg(long)]
    new_codes: bool,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

/// Runs one of them.
pub(crate) async fn run(command: AccountCommand) -> Result<()> {
    match command {
        AccountCommand::Add(arguments) => add(arguments).await,
        AccountCommand::Disable(arguments) => {
            let app = start(arguments.place).await?;
            accounts::disable(&app, &arguments.login).await?;
            say(&format!("Đã ngừng tài khoản {}.", arguments.login));
            Ok(())
        }
        AccountCommand::Enable(EnableArguments { named, new_codes, json }) => {
            let app = start(named.place).await?;
            let made = accounts::enable(&app, &named.login, new_codes).await?;
            say(&told(&made, json));
            Ok(())
        }
        AccountCommand::List(arguments) => {
            let app = start(arguments.place).await?;
            let all = accounts::list(&app).await?;
            say(&listed(&all, arguments.json));
            Ok(())
        }
    }
}

async fn start(place: PlaceArguments) -> Result<app::App> {
    let place = place.place()?;
    let settings = configuration::read(&place.data)?;
    wiring::start(&place, settings).await
}

async fn add(arguments: AddArguments) -> Result<()> {
    let person = NewPerson {
        login: arguments.login,
        name: arguments.name,
        role: arguments.role.zip(arguments.unit),
        until: arguments.until.as_deref().map(day).transpose()?,
        person_number: arguments.person_number,
    };
    let app = start(arguments.place).await?;
    let made = accounts::add(&app, person).await?;
    say(&told(&made, arguments.json));
    Ok(())
}

fn day(text: &str) -> Result<Date> {
    parse_date_input(text).map_err(|problem| {
        let message = format!("--until: {}", problem.message);
        Error::invalid(message.clone()).with_problems(vec![Problem::new(
            "account.until",
            "until",
            message,
        )])
    })
}

/// What is told once about an account.
fn told(made: &Made, json: bool) -> String {
    if json {
        return serde_json::json!({
            "login": made.login,
            "password": made.password,
            "totp_secret": made.totp_secret,
            "totp_uri": made.totp_uri,
        })
        .to_string();
    }
    let mut text = format!(
        "Tên đăng nhập:      {}\nMật khẩu một lần:   {}  (phải đổi ở lần đăng nhập đầu)\n",
        made.login, made.password
    );
    if let (Some(secret), Some(uri)) = (&made.totp_secret, &made.totp_uri) {
        // Writing to a string cannot fail.
        let _ = write!(text, "Khóa mã xác thực:   {secret}\n                    {uri}\n");
    }
    text.push_str("Chỉ hiện một lần. Hãy trao tận tay, không gửi qua thư hay tin nhắn.");
    text
}

fn listed(all: &[Listed], json: bool) -> String {
    if json {
        let row = |one: &Listed| {
            let roles: Vec<serde_json::Value> = one
                .roles
                .iter()
                .map(|(role, unit, from, to)| {
                    serde_json::json!({ "role": role, "unit": unit, "from": from, "to": to })
                })
                .collect();
            serde_json::json!({
                "login": one.login,
                "name": one.name,
                "state": one.state,
                "roles": roles,
                "last_sign_in": one.last_login_at.map(|at| at.to_string()),
            })
        };
        return serde_json::json!({ "items": all.iter().map(row).collect::<Vec<_>>() }).to_string();
    }
    let lines = all.iter().map(|one| {
        let roles: Vec<String> = one
            .roles
            .iter()
            .map(|(role, unit, from, to)| {
                let until = to.as_ref().map(|day| format!(" đến {day}")).unwrap_or_default();
                format!("{role} {unit} từ {from}{until}")
            })
            .collect();
        let last = one.last_login_at.map_or_else(
            || "chưa đăng nhập".to_owned(),
            |at| format!("đăng nhập {}", vi::moment(at)),
        );
        format!("{}  {}  {}  {}  {last}", one.login, one.name, one.state, roles.join("; "))
    });
    lines.collect::<Vec<_>>().join("\n")
}
