//! One change of a dossier: state, events, papers, jobs and messages, together.

use crate::App;
use crate::drafts::json;
use dossier::Answers;
use dossier::Dossier;
use dossier::Event;
use kernel::error::Error;
use kernel::error::Result;
use kernel::id::AccountId;
use kernel::moment::Moment;
use pack::model::Procedure;
use pack::model::StepKind;
use store::Tx;
use store::documents;
use store::documents::DocumentRow;
use store::dossiers;
use store::dossiers::DossierRow;
use store::events;
use store::events::NewEvent;
use store::jobs;
use store::messages;
use store::outbox::MessageRow;

/// One change of a dossier: state, events, papers, jobs and messages, together.
pub(crate) struct Change<'a> {
    pub(crate) app: &'a App,
    pub(crate) procedure: &'a Procedure,
    pub(crate) at: Moment,
    pub(crate) actor: Option<AccountId>,
    /// What was done: `submit`, or the action's id.
    pub(crate) kind: &'a str,
}

impl Change<'_> {
    /// Writes what was decided and everything that follows from it.
    ///
    /// If the dossier has moved on meanwhile, the transaction ends with `Conflict`.
    ///
    /// # Errors
    /// When the change cannot be written down.
    pub(crate) fn record(
        &self,
        tx: &mut Tx<'_>,
        before: Option<Dossier>,
        mut events: Vec<Event>,
    ) -> Result<Dossier> {
        let was = before.as_ref().map(|dossier| dossier.revision);
        let mut state = before;
        let mut slips = Vec::new();
        for event in &events {
            state = dossier::apply(state, event);
            if let Event::SlipIssued { slip, number, at } = event {
                slips.push((slip.clone(), *number, *at));
            }
        }
        let Some(mut after) = state else {
            return Err(Error::internal("a decision left no dossier"));
        };
        let mut papers = Vec::new();
        for (slip, number, at) in slips {
            let (row, recorded) = self.slip(&after, &slip, number, at);
            papers.push(row);
            if let Some(next) = dossier::apply(Some(after.clone()), &recorded) {
                after = next;
            }
            events.push(recorded);
        }
        let seq = events::append(
            tx,
            &NewEvent {
                at: self.at.micros(),
                stream: "dossier",
                stream_id: after.id.raw(),
                kind: self.kind,
                actor: self.actor.map(AccountId::raw),
                body: &json(&events)?,
            },
        );
        for mut paper in papers {
            // The slip shows the dossier as it is now, whatever happens later.
            paper.body = serde_json::json!({ "as_of": seq }).to_string();
            documents::insert(tx, &paper);
            let body = serde_json::json!({ "document": paper.id.to_string() }).to_string();
            jobs::add(tx, self.app.next_id(), "render", &body, self.at.micros());
        }
        self.send_out(tx, &after, &events)?;
        let row = self.row(&after)?;
        let body = json(&after)?;
        match was {
            None => dossiers::insert(tx, &row, &body),
            Some(was) => {
                let was = i64::try_from(was).unwrap_or(i64::MAX);
                dossiers::update(tx, &row, &body, was);
            }
        }
        Ok(after)
    }

    fn slip(&self, after: &Dossier, slip: &str, number: u32, at: Moment) -> (DocumentRow, Event) {
        let id = self.app.next_id();
        let content = self.app.content().slips.get(slip);
        let name = content.map_or_else(|| slip.to_owned(), |slip| slip.name.vi.clone());
        let row = DocumentRow {
            id,
            kind: slip.to_owned(),
            name: name.clone(),
            dossier: Some(after.id.raw()),
            entry: None,
            entry_version: i64::from(number),
            state: "pending".to_owned(),
            blob: None,
            bytes: 0,
            signed: false,
            issued_at: at.micros(),
            body: String::new(),
        };
        let document = dossier::DocumentRef {
            document: kernel::id::DocumentId::from_raw(id),
            kind: dossier::DocumentKind::Slip,
            of: slip.to_owned(),
            name,
            signed_by: None,
            at,
        };
        (row, Event::DocumentRecorded { document })
    }

    /// Messages to the applicant and to other systems.
    fn send_out(&self, tx: &mut Tx<'_>, after: &Dossier, events: &[Event]) -> Result<()> {
        for event in events {
            match event {
                Event::RequestSent { request, service, parameters, at } => {
                    let id = self.app.next_id();
                    let message = MessageRow {
                        id,
                        destination: service.split('.').next().unwrap_or_default().to_owned(),
                        kind: service.clone(),
                        key: format!("{}:{request}:{}", after.code, at.micros()),
                        body: json(&serde_json::json!({
                            "dossier": after.code,
                            "request": request,
                            "parameters": parameters,
                        }))?,
                        state: "waiting".to_owned(),
                        attempts: 0,
                        created_at: at.micros(),
                        answer: None,
                    };
                    store::outbox::add(tx, &message);
                    let body = serde_json::json!({ "message": id.to_string() }).to_string();
                    jobs::add(tx, self.app.next_id(), "exchange", &body, at.micros());
                }
                Event::Moved { action, at, .. } => {
                    let action = self.procedure.workflow.actions.iter().find(|a| a.id == *action);
                    let text = action.map(|action| action.tell_applicant.vi.as_str());
                    if let Some(text) = text.filter(|text| !text.is_empty()) {
                        let text = text.replace("{code}", &after.code);
                        let id = self.app.next_id();
                        let to = after.applicant.raw();
                        messages::add(tx, id, to, after.id.raw(), at.micros(), &text);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn row(&self, dossier: &Dossier) -> Result<DossierRow> {
        let step = self
            .procedure
            .workflow
            .steps
            .iter()
            .find(|step| step.id == dossier.step)
            .ok_or_else(|| Error::internal("dossier lies at a step that is not there"))?;
        let clock = dossier.clock.as_ref();
        let running = clock.filter(|clock| clock.is_running());
        Ok(DossierRow {
            id: dossier.id.raw(),
            code: dossier.code.clone(),
            unit: dossier.unit.to_string(),
            procedure_code: dossier.procedure_code.clone(),
            definition: dossier.procedure_hash.clone(),
            step: dossier.step.clone(),
            state: state_name(step.kind).to_owned(),
            owner: step.owner.clone(),
            applicant: dossier.applicant.raw(),
            title: dossier.applicant_name.clone(),
            about: about(self.procedure, &dossier.answers),
            assignee: dossier.assigned_to.map(AccountId::raw),
            submitted_at: dossier.submitted_at.micros(),
            due_at: running.map_or(i64::MAX, |clock| clock.due.micros()),
            stopped: clock.is_some_and(|clock| clock.stopped.is_some()),
            finished_at: dossier.finished_at.map(Moment::micros),
            revision: i64::try_from(dossier.revision).unwrap_or(i64::MAX),
        })
    }
}

pub(super) fn moved_on() -> Error {
    Error::conflict(
        "Hồ sơ vừa được người khác xử lý. Ông/bà vui lòng tải lại trang để xem tình trạng mới nhất.",
    )
}

/// The names by which lists group steps.
#[must_use]
pub fn state_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Working => "working",
        StepKind::WaitingApplicant => "waiting-applicant",
        StepKind::WaitingSignature => "waiting-signature",
        StepKind::Done => "done",
        StepKind::Refused => "refused",
        StepKind::Stopped => "stopped",
    }
}

/// Whom or what a dossier is about: its searchable texts.
pub(super) fn about(procedure: &Procedure, answers: &Answers) -> String {
    let fields = procedure.form.sections.iter().flat_map(|section| &section.fields);
    let texts: Vec<&str> = fields
        .filter(|field| field.searchable)
        .filter_map(|field| {
            let value = answers.get(&field.id)?;
            value.as_str().or_else(|| value.get("name")?.as_str())
        })
        .collect();
    texts.join(" · ").chars().take(200).collect()
}
