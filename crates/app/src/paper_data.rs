//! What papers show: everything already as text, so that a template only places it.

use std::collections::BTreeMap;

use dossier::form::{self, FormContext};
use dossier::{APPLICANT, By, Dossier, Event, Hop, Party};
use kernel::error::Result;
use kernel::format::vi;
use kernel::moment::Moment;
use kernel::money::Dong;
use kernel::unit::in_sentence;
use pack::Content;
use pack::model::{FieldKind, Procedure, Register, SlipDocument, TextFormat};
use register::Entry;
use serde_json::{Map, Value, json};

use crate::drafts::Upload;

/// What a paper is made from.
pub(crate) struct Paper<'a> {
    pub(crate) content: &'a Content,
    pub(crate) procedure: &'a Procedure,
    pub(crate) dossier: &'a Dossier,
    pub(crate) uploads: &'a [Upload],
    /// Address and telephone of the applicant, as far as known.
    pub(crate) applicant: Option<&'a Value>,
    pub(crate) issued_at: Moment,
}

impl Paper<'_> {
    /// The data of a slip of the one-stop desk: `by` is the officer who issued it, `hops` how the
    /// dossier went from hand to hand until then.
    pub(crate) fn slip(
        &self,
        slip: &SlipDocument,
        number: i64,
        by: Option<&Signer>,
        hops: &[Value],
    ) -> Result<Value> {
        let mut data = self.common()?;
        let document = json!({
            "name": slip.name.vi,
            "form_number": slip.form_number,
            "number": format!("{number:02}"),
            "issued_place": self.place(),
            "issued_on_text": vi::long_date(self.issued_at.date()),
            "issued_moment_text": vi::moment(self.issued_at),
        });
        data.insert("document".to_owned(), document);
        if let Some(signer) = by {
            let signer = json!({ "title": signer.title, "name": signer.name });
            data.insert("signer".to_owned(), signer);
        }
        data.insert("timeline".to_owned(), hops.into());
        Ok(Value::Object(data))
    }

    /// The data of a result that shows a register entry.
    pub(crate) fn result(
        &self,
        name: &str,
        copies: u32,
        shown: Option<(&Register, &Entry)>,
        signer: &Signer,
        has_code: bool,
    ) -> Result<Value> {
        let mut data = self.common()?;
        let document = json!({
            "name": name,
            "copies": copies,
            "issued_place": self.place(),
            "issued_on_text": vi::long_date(self.issued_at.date()),
            "issued_moment_text": vi::moment(self.issued_at),
        });
        data.insert("document".to_owned(), document);
        if let Some((register, entry)) = shown {
            data.insert("entry".to_owned(), entry_data(register, self.content, entry));
        }
        data.insert("signer".to_owned(), json!({ "title": signer.title, "name": signer.name }));
        let signed = format!("Ký số bởi {}, {}", signer.name, vi::moment(self.issued_at));
        data.insert("signed_text".to_owned(), signed.into());
        data.insert("qr".to_owned(), has_code.into());
        Ok(Value::Object(data))
    }

    fn place(&self) -> String {
        let unit = self.dossier.unit.as_str();
        let name = self.content.units.commune(unit).map(|commune| commune.name.clone());
        name.unwrap_or_default()
    }

    fn common(&self) -> Result<Map<String, Value>> {
        let dossier = self.dossier;
        let extra = dossier::findings::extra(&dossier.requests, &Map::new());
        let uploads = |id: &str| {
            self.uploads.iter().find(|upload| upload.id.to_string() == id).map(Upload::info)
        };
        let ctx = FormContext {
            content: self.content,
            filed_on: dossier.submitted_at.date(),
            today: self.issued_at.date(),
            applicant: dossier.applicant_record.as_ref(),
            extra: &extra,
            uploads: &uploads,
        };
        let shown = form::display(&self.procedure.form, &dossier.answers, &dossier.sources, &ctx);
        let mut fields = Map::new();
        for item in shown.iter().flat_map(|section| &section.items) {
            let parts: Vec<Value> = item
                .parts
                .iter()
                .map(|part| json!({ "label": part.label, "text": part.text }))
                .collect();
            fields.insert(
                item.field.clone(),
                json!({ "label": item.label, "text": item.text, "parts": parts }),
            );
        }
        let mut data = Map::new();
        data.insert("office".to_owned(), self.office());
        data.insert("dossier".to_owned(), self.dossier_data(&ctx));
        data.insert("form".to_owned(), Value::Object(fields));
        data.insert("clock".to_owned(), self.clock());
        // Only what was written with this paper: an older request is no reason of a later withdrawal.
        if let Some(note) = dossier.last_note.as_ref().filter(|note| note.at == self.issued_at) {
            let points: Vec<Value> = note
                .points
                .iter()
                .map(|point| json!({ "label": self.label_of(&point.field), "text": point.text }))
                .collect();
            data.insert("note".to_owned(), json!({ "text": note.text, "points": points }));
        }
        Ok(data)
    }

    fn label_of(&self, field: &str) -> String {
        let root = field.split('.').next().unwrap_or_default();
        let found = self.procedure.form.field(root).map(|field| field.label.vi.clone());
        let section = || {
            let sections = &self.procedure.form.sections;
            sections.iter().find(|section| section.id == root).map(|s| s.title.vi.clone())
        };
        found.or_else(section).unwrap_or_default()
    }

    /// `Điều 4, 281/2016/TT-BTC`; the document alone where the provision is not known.
    fn basis(&self, id: &str) -> String {
        let known = self.procedure.legal_bases.iter().find(|basis| basis.id == id);
        let parts = known.map(|basis| [basis.provision.as_str(), basis.document.as_str()]);
        let given = parts.into_iter().flatten().filter(|part| !part.is_empty());
        given.collect::<Vec<&str>>().join(", ")
    }

    fn office(&self) -> Value {
        let unit = self.dossier.unit.as_str();
        let office = self.content.offices.get(unit);
        let province = self
            .content
            .units
            .commune(unit)
            .and_then(|commune| self.content.units.province(commune.province.as_str()))
            .map(|province| province.name.clone());
        json!({
            "name": office.map(|office| office.name.clone()).unwrap_or_default(),
            "parent_name": province.unwrap_or_default(),
            "address": office.map(|office| office.address.clone()).unwrap_or_default(),
            "phone": office.map(|office| office.phone.clone()).unwrap_or_default(),
        })
    }

    fn dossier_data(&self, ctx: &FormContext<'_>) -> Value {
        let dossier = self.dossier;
        let applicant = |part: &str| {
            let value = self.applicant.and_then(|person| person.get(part));
            value.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let residence = self
            .applicant
            .and_then(|person| person.get("residence"))
            .map(|address| address_text(self.content, address))
            .unwrap_or_default();
        let fees: Vec<Value> = dossier::fees(self.procedure, &dossier.answers, ctx)
            .iter()
            .map(|fee| {
                json!({
                    "name": fee.name,
                    "amount_text": amount_text(fee.amount),
                    "text": fee.text,
                    "basis_text": self.basis(&fee.basis),
                })
            })
            .collect();
        let papers: Vec<Value> = self
            .procedure
            .papers
            .iter()
            .filter_map(|paper| {
                let files = dossier.answers.get(&paper.field)?.as_array()?.len();
                (files > 0).then(|| json!({ "name": paper.name.vi, "count": files }))
            })
            .collect();
        json!({
            "code": dossier.code,
            "procedure_name": self.procedure.name.vi,
            "procedure_code": self.procedure.code,
            "applicant": {
                "name": dossier.applicant_name,
                "number_masked": masked(&applicant("number")),
                "address": residence,
                "phone": self.typed_phone().unwrap_or_else(|| applicant("phone")),
            },
            "received_text": vi::moment_with_weekday(dossier.submitted_at),
            "due_text": dossier.clock.as_ref().map(|clock| vi::moment_with_weekday(clock.due)),
            "derivation": dossier.clock.as_ref().map(|clock| {
                clock.derivation.iter().map(|step| step.text.clone()).collect::<Vec<_>>()
            }).unwrap_or_default(),
            "fees": fees,
            "papers": papers,
            "channel_text": vi::capitalised(dossier.channel.text()),
            "partners": self.partners(),
        })
    }

    /// The telephone that the applicant asks to be called at, as the form has it.
    fn typed_phone(&self) -> Option<String> {
        let fields = self.procedure.form.sections.iter().flat_map(|section| &section.fields);
        let asks =
            |kind: &FieldKind| matches!(kind, FieldKind::Text { format: TextFormat::Phone, .. });
        let mut phones = fields.filter(|field| asks(&field.kind));
        phones.find_map(|field| self.dossier.answers.get(&field.id)?.as_str()).map(str::to_owned)
    }

    /// Who else worked on it: the systems that were asked.
    fn partners(&self) -> Vec<&'static str> {
        let asked = self.procedure.requests.iter();
        let asked = asked.filter(|request| self.dossier.requests.contains_key(&request.id));
        let of_population = |service: &str| service.starts_with("population.");
        let mut services = asked.map(|request| request.service.as_str());
        if services.any(of_population) {
            vec!["Cơ quan quản lý Cơ sở dữ liệu quốc gia về dân cư"]
        } else {
            Vec::new()
        }
    }

    fn clock(&self) -> Value {
        let Some(clock) = &self.dossier.clock else {
            return json!({});
        };
        json!({
            "limit_text": clock.limit.text(),
            "due_text": vi::moment_with_weekday(clock.due),
            "stopped": clock.stopped.is_some(),
            "old_due_text": clock.extended.as_ref().map(|e| vi::moment_with_weekday(e.old_due)),
            "new_due_text": clock.extended.as_ref().map(|_| vi::moment_with_weekday(clock.due)),
        })
    }
}

/// A fee as a receipt says it: `8.000 đồng`, or that nothing is asked.
fn amount_text(amount: Dong) -> String {
    if amount == Dong::new(0) { "miễn".to_owned() } else { amount.to_string() }
}

/// Who signs a result.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signer {
    /// Words before the name, such as "CHỦ TỊCH".
    pub(crate) title: String,
    /// Full name.
    pub(crate) name: String,
}

/// An entry as papers and pages show it.
pub(crate) fn entry_data(register: &Register, content: &Content, entry: &Entry) -> Value {
    let current = entry.current();
    let mut fields = Map::new();
    for shown in register::display(register, content, &current.fields) {
        fields.insert(
            shown.field.clone(),
            json!({ "label": shown.label, "text": shown.text, "iso": shown.iso }),
        );
    }
    let annotations: Vec<Value> = entry
        .annotations
        .iter()
        .map(|note| json!({ "text": note.text, "at_text": vi::date(note.at.date()) }))
        .collect();
    json!({
        "number_text": entry.number_text,
        "book_text": entry.book_text,
        "register_name": register.name.vi,
        "unit_name": office_in_full(content, entry.unit.as_str()),
        "registered_on_text": vi::date(entry.registered_on),
        "registered_on_long": vi::long_date(entry.registered_on),
        "fields": fields,
        "annotations": annotations,
        "version": current.n,
        "is_current": entry.status == register::Status::Current,
    })
}

/// `Ủy ban nhân dân phường Cao Lãnh, tỉnh Đồng Tháp`; empty when the content has no such office.
fn office_in_full(content: &Content, unit: &str) -> String {
    let Some(office) = content.offices.get(unit) else {
        return String::new();
    };
    let commune = content.units.commune(unit);
    let province = commune.and_then(|commune| content.units.province(commune.province.as_str()));
    match province {
        Some(province) => format!("{}, {}", office.name, in_sentence(&province.name)),
        None => office.name.clone(),
    }
}

pub(crate) fn address_text(content: &Content, address: &Value) -> String {
    let part = |name: &str| address.get(name).and_then(Value::as_str).unwrap_or_default();
    content.address_text(part("province"), part("commune"), part("detail"))
}

/// A personal number with its middle hidden.
pub(crate) fn masked(number: &str) -> String {
    match (number.get(..4), number.get(8..)) {
        (Some(start), Some(end)) if number.len() == 12 => format!("{start}••••{end}"),
        _ => String::new(),
    }
}

/// The officer whose action issued a slip; nobody when the applicant's own act did, as sending does.
pub(crate) fn issued_by(events: &[Event]) -> Option<&By> {
    let acted = events.iter().find_map(|event| match event {
        Event::Submitted(submitted) => Some(&submitted.by),
        Event::Moved { by, .. } => Some(by),
        _ => None,
    });
    acted.filter(|by| by.role != APPLICANT)
}

/// An officer as slips name them: by what they sign as, else by their role.
pub(crate) fn officer(content: &Content, by: &By, names: &BTreeMap<i64, String>) -> Signer {
    let role = content.roles.get(&by.role);
    let title = role.map(|role| match role.signature_title.as_str() {
        "" => role.name.vi.clone(),
        title => title.to_owned(),
    });
    let name = names.get(&by.account.raw()).cloned().unwrap_or_default();
    Signer { title: title.unwrap_or_default(), name }
}

/// A passing on, as the control slip prints it.
pub(crate) fn hop_data(hop: &Hop, names: &BTreeMap<i64, String>) -> Value {
    let name = |party: &Party| {
        let account = party.account.map(|account| account.raw());
        account.and_then(|account| names.get(&account)).cloned().unwrap_or_default()
    };
    json!({
        "from": hop.from.role,
        "from_name": name(&hop.from),
        "to": hop.to.as_ref().map(|to| to.role.clone()),
        "to_name": hop.to.as_ref().map(name),
        "at_text": vi::moment(hop.at),
        "step": hop.step,
        "result": hop.result.map(dossier::HopResult::text),
        "note": hop.what,
    })
}

/// The dossier as it stood after the event with this place in the chain.
pub(crate) fn as_of(recorded: &[(i64, Vec<Event>)], seq: i64) -> Option<Dossier> {
    let events = recorded.iter().filter(|(at, _)| *at <= seq).flat_map(|(_, events)| events);
    dossier::replay(events)
}
