//! The sample content, people and answers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use dossier::findings::{self, CheckOutcome, CheckResult};
use dossier::form::{self, Checked, FormContext, UploadInfo};
use dossier::{
    Actor, Answers, Channel, Command, DecideContext, DocumentKind, DocumentRef, Dossier, EntryRef,
    Event, Evidence, Point, RequestState, Submission, apply,
};
use jiff::civil::Date;
use kernel::Problems;
use kernel::id::{AccountId, DocumentId, DossierId, EntryId};
use kernel::moment::Moment;
use pack::model::Procedure;
use pack::{Content, Source};
use serde_json::{Map, Value, json};

static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sample");
    let (content, problems) = pack::load(&Source::from_dir(&folder).unwrap());
    content.unwrap_or_else(|| panic!("{problems:#?}"))
});

pub fn content() -> &'static Content {
    &CONTENT
}

pub fn procedure(slug: &str) -> &'static Procedure {
    CONTENT.procedure_on(slug, day("2026-08-28")).unwrap()
}

pub fn birth() -> &'static Procedure {
    procedure("birth")
}

pub const CITIZEN: AccountId = AccountId::from_raw(1);
pub const DESK: AccountId = AccountId::from_raw(2);
pub const CLERK: AccountId = AccountId::from_raw(3);
pub const CHAIR: AccountId = AccountId::from_raw(4);
pub const STRANGER: AccountId = AccountId::from_raw(9);

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A moment in Viet Nam: `2026-08-28 09:00`.
pub fn at(text: &str) -> Moment {
    let (date, time) = text.split_once(' ').unwrap();
    format!("{date}T{time}:00+07:00").parse().unwrap()
}

pub fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Answers of a birth that may be sent.
pub fn answers() -> Answers {
    object(json!({
        "child_name": "Nguyễn Minh An",
        "child_sex": "female",
        "child_birth_date": "2026-08-20",
        "born_at": "facility",
        "facility": "Trung tâm Y tế Cao Lãnh",
        "copies": 2,
        "phone": "0912345678",
        "notice": ["u1"],
        "mother": {
            "number": "087196001234",
            "name": "Trần Thị Mẫu",
            "birth_date": "1996-03-05",
            "sex": "female",
            "ethnicity": "kinh",
            "nationality": "VN",
            "residence": { "province": "82", "commune": "30076", "detail": "Ấp Chợ" },
        },
        "declared": true,
    }))
}

/// The answers with some of them changed; null takes one out.
pub fn answers_with(changes: Value) -> Answers {
    let mut answers = answers();
    for (field, value) in object(changes) {
        answers.remove(&field);
        if !value.is_null() {
            answers.insert(field, value);
        }
    }
    answers
}

pub fn uploads(id: &str) -> Option<UploadInfo> {
    let (name, mime, bytes) = match id {
        "u1" => ("giay-chung-sinh.jpg", "image/jpeg", 400_000),
        "u2" => ("mat-sau.pdf", "application/pdf", 900_000),
        "big" => ("anh-lon.jpg", "image/jpeg", 1_000_001),
        "png" => ("anh.png", "image/png", 10),
        _ => return None,
    };
    Some(UploadInfo { name: name.to_owned(), mime: mime.to_owned(), bytes })
}

/// Checks answers of a birth as sent on Friday 28 August 2026.
pub fn check(answers: &Answers, complete: bool) -> Checked {
    with_form(|ctx| form::check(&birth().form, answers, ctx, complete))
}

pub fn with_form<T>(look: impl FnOnce(&FormContext<'_>) -> T) -> T {
    let extra = Map::new();
    look(&FormContext {
        content: content(),
        filed_on: day("2026-08-28"),
        today: day("2026-08-28"),
        applicant: None,
        extra: &extra,
        uploads: &uploads,
    })
}

/// (code, path) of each problem.
pub fn faults(problems: &[kernel::Problem]) -> Vec<(&str, &str)> {
    problems.iter().map(|problem| (problem.code.as_str(), problem.path.as_str())).collect()
}

/// The message at a path.
pub fn message<'a>(problems: &'a [kernel::Problem], path: &str) -> &'a str {
    let found = problems.iter().find(|problem| problem.path == path);
    found.map_or_else(|| panic!("nothing at {path}: {problems:#?}"), |problem| &problem.message)
}

pub fn actor(account: AccountId) -> Actor {
    let roles = [(DESK, "desk"), (CLERK, "clerk"), (CHAIR, "chair")];
    let held = roles.into_iter().filter(|(holder, _)| *holder == account);
    Actor { account, roles: held.map(|(_, role)| role.to_owned()).collect(), acting_for: None }
}

/// A dossier in the hands of the tests: commands in, events and state out.
#[derive(Clone)]
pub struct Desk {
    pub procedure: &'static Procedure,
    pub state: Option<Dossier>,
    pub events: Vec<Event>,
    pub now: Moment,
    pub found: Map<String, Value>,
    pub checks: Vec<CheckResult>,
    /// The record of who sends, at hand only while sending.
    pub applicant: Option<Value>,
}

impl Desk {
    /// An empty desk on Friday 28 August 2026 at nine, where every check holds.
    pub fn new(procedure: &'static Procedure) -> Desk {
        let holds = procedure.checks.iter().map(|check| CheckResult {
            outcome: CheckOutcome::Holds,
            message: String::new(),
            ..CheckResult::unknown(check)
        });
        Desk {
            procedure,
            state: None,
            events: Vec::new(),
            now: at("2026-08-28 09:00"),
            found: Map::new(),
            checks: holds.collect(),
            applicant: None,
        }
    }

    /// A birth just sent by the citizen.
    pub fn submitted() -> Desk {
        let mut desk = Desk::new(birth());
        desk.run(CITIZEN, submission(answers())).unwrap();
        desk
    }

    /// A birth whose number has come, in the hands of the clerk.
    pub fn examining() -> Desk {
        let mut desk = Desk::submitted();
        desk.act(DESK, "accept").unwrap();
        desk.answer("087326000123").unwrap();
        desk
    }

    /// A birth drafted by the clerk, before the chair.
    pub fn signing() -> Desk {
        let mut desk = Desk::examining();
        desk.act(CLERK, "submit").unwrap();
        desk
    }

    /// A birth that is signed and entered.
    pub fn done() -> Desk {
        let mut desk = Desk::signing();
        desk.act(CHAIR, "sign").unwrap();
        desk
    }

    pub fn decide(&self, actor: &Actor, command: Command) -> Result<Vec<Event>, Problems> {
        self.with(actor, |ctx| dossier::decide(ctx, self.state.as_ref(), command))
    }

    pub fn with<T>(&self, actor: &Actor, look: impl FnOnce(&DecideContext<'_>) -> T) -> T {
        look(&DecideContext {
            content: content(),
            procedure: self.procedure,
            now: self.now,
            actor,
            evidence: Evidence {
                applicant: self.applicant.as_ref(),
                found: &self.found,
                checks: &self.checks,
                uploads: &uploads,
            },
        })
    }

    pub fn run_as(&mut self, actor: &Actor, command: Command) -> Result<Vec<Event>, Problems> {
        let events = self.decide(actor, command)?;
        for event in &events {
            self.state = apply(self.state.take(), event);
        }
        self.events.extend(events.iter().cloned());
        Ok(events)
    }

    pub fn run(&mut self, account: AccountId, command: Command) -> Result<Vec<Event>, Problems> {
        self.run_as(&actor(account), command)
    }

    pub fn act(&mut self, account: AccountId, action: &str) -> Result<Vec<Event>, Problems> {
        self.run(account, Command::act(action))
    }

    pub fn act_with_note(
        &mut self,
        account: AccountId,
        action: &str,
        note: &str,
    ) -> Result<Vec<Event>, Problems> {
        self.run(account, noted(action, note))
    }

    /// Asks the citizen for a better paper.
    pub fn ask(&mut self) -> Result<Vec<Event>, Problems> {
        let point = Point { field: "notice".to_owned(), text: "Chụp lại cho rõ.".to_owned() };
        self.run(DESK, pointed("ask", vec![point]))
    }

    pub fn supply(&mut self, answers: Answers) -> Result<Vec<Event>, Problems> {
        self.run(CITIZEN, with_answers("supply", answers))
    }

    pub fn answer(&mut self, text: &str) -> Result<Vec<Event>, Problems> {
        let result = RequestState::Answered(text.to_owned());
        self.run(STRANGER, Command::RecordAnswer { request: "personal_number".to_owned(), result })
    }

    pub fn record_entry(&mut self) -> Result<Vec<Event>, Problems> {
        self.run(CHAIR, Command::RecordEntry(entry_ref()))
    }

    pub fn dossier(&self) -> &Dossier {
        self.state.as_ref().unwrap()
    }

    /// Sets the outcome of a check.
    pub fn check(&mut self, id: &str, outcome: CheckOutcome) {
        let check = self.procedure.checks.iter().find(|check| check.id == id).unwrap();
        self.checks.retain(|result| result.check != id);
        let message = check.message.vi.clone();
        self.checks.push(CheckResult { outcome, message, ..CheckResult::unknown(check) });
    }

    /// Codes of the problems of an action.
    pub fn refused(&self, actor: &Actor, command: Command) -> Vec<String> {
        let problems = self.decide(actor, command).unwrap_err();
        problems.into_iter().map(|problem| problem.code).collect()
    }
}

pub fn entry_ref() -> EntryRef {
    EntryRef {
        entry: EntryId::from_raw(70),
        register: "birth".to_owned(),
        number: "125/2026".to_owned(),
        version: 1,
    }
}

pub fn submission(answers: Answers) -> Command {
    Command::Submit(Box::new(Submission {
        id: DossierId::from_raw(50),
        code: "H20.15-260828-0001".to_owned(),
        procedure_hash: "0f".repeat(32),
        unit: "30076".parse().unwrap(),
        channel: Channel::Online,
        applicant: CITIZEN,
        applicant_name: "Trần Thị Mẫu".to_owned(),
        answers,
        sources: BTreeMap::new(),
    }))
}

pub fn noted(action: &str, note: &str) -> Command {
    let Command::Act { action, points, answers, entry, .. } = Command::act(action) else {
        unreachable!()
    };
    Command::Act { action, note: Some(note.to_owned()), points, answers, entry }
}

pub fn pointed(action: &str, points: Vec<Point>) -> Command {
    let Command::Act { action, note, answers, entry, .. } = Command::act(action) else {
        unreachable!()
    };
    Command::Act { action, note, points, answers, entry }
}

pub fn with_answers(action: &str, answers: Answers) -> Command {
    let Command::Act { action, note, points, entry, .. } = Command::act(action) else {
        unreachable!()
    };
    Command::Act { action, note, points, answers: Some(answers), entry }
}

pub fn with_entry(action: &str, entry: Value) -> Command {
    let Command::Act { action, note, points, answers, .. } = Command::act(action) else {
        unreachable!()
    };
    Command::Act { action, note, points, answers, entry: Some(object(entry)) }
}

/// Facts over answers of a birth, with a reply beside them.
pub fn with_facts<T>(
    procedure: &'static Procedure,
    answers: &Answers,
    reply: Value,
    look: impl FnOnce(&pack::Facts<'_>) -> T,
) -> T {
    let mut extra = findings::extra(&BTreeMap::new(), &Map::new());
    extra.extend(object(reply));
    let ctx = FormContext {
        content: content(),
        filed_on: day("2026-08-28"),
        today: day("2026-08-28"),
        applicant: None,
        extra: &extra,
        uploads: &uploads,
    };
    look(&ctx.facts(&procedure.form, answers))
}

/// The `kind` of each event, as in JSON.
pub fn kinds(events: &[Event]) -> Vec<String> {
    let kind = |event: &Event| {
        let json = serde_json::to_value(event).unwrap();
        json["kind"].as_str().unwrap().to_owned()
    };
    events.iter().map(kind).collect()
}

pub fn point(field: &str, text: &str) -> Point {
    Point { field: field.to_owned(), text: text.to_owned() }
}

/// A paper made for a dossier.
pub fn document(id: i64) -> DocumentRef {
    DocumentRef {
        document: DocumentId::from_raw(id),
        kind: DocumentKind::Result,
        of: "certificate".to_owned(),
        name: "Giấy khai sinh".to_owned(),
        signed_by: Some(CHAIR),
        at: at("2026-08-28 10:00"),
    }
}
