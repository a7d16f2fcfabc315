//! `procedure.toml`: one dated version of a procedure.

use super::form::read_form;
use super::reader::Reader;
use super::workflow::read_workflow;
use crate::expr::Expression;
use crate::model::{
    AmendRule, AnnotateRule, Certainty, Check, CheckSource, CheckTime, EntryRule, ExchangeRequest,
    Fee, LegalBasis, Level, Lookup, Paper, Procedure, ResultDocument, TimeCase, TimeLimit,
    TimeRule,
};

/// Reads a procedure. `register_ids` tells a register's plain name from an expression.
pub(crate) fn read_procedure(reader: &mut Reader, register_ids: &[&str]) -> Procedure {
    const LEVELS: [(&str, Level); 2] = [("commune", Level::Commune), ("province", Level::Province)];
    Procedure {
        code: reader.required_text("code"),
        slug: reader.required_text("slug"),
        valid_from: reader.required_date("valid_from"),
        valid_to: reader.date("valid_to"),
        abolished_by: reader.text("abolished_by"),
        name: reader.required_label("name"),
        aliases: reader.texts("aliases"),
        field: reader.required_text("field"),
        level: reader.required_one_of("level", &LEVELS).unwrap_or(Level::Commune),
        summary: reader.required_label("summary"),
        audience: reader.labels("audience"),
        common_rank: reader.optional_integer_within("common_rank", 1..1000),
        legal_bases: reader.required_tables("legal_basis", read_legal_basis),
        papers: reader.tables("paper", read_paper),
        not_needed: reader.labels("not_needed"),
        time: reader.required_table("time", read_time).unwrap_or_else(unreadable_time),
        fees: reader.tables("fee", read_fee),
        form: read_form(reader),
        lookups: reader.tables("lookup", |inner| read_lookup(inner, register_ids)),
        checks: reader.tables("check", read_check),
        requests: reader.tables("request", read_request),
        entry: reader.table("entry", read_entry),
        amend: reader.table("amend", read_amend),
        results: reader.tables("result", read_result),
        workflow: read_workflow(reader),
    }
}

pub(crate) fn read_legal_basis(reader: &mut Reader) -> LegalBasis {
    const CERTAINTIES: [(&str, Certainty); 3] = [
        ("verified", Certainty::Verified),
        ("secondary", Certainty::Secondary),
        ("unverified", Certainty::Unverified),
    ];
    LegalBasis {
        id: reader.required_text("id"),
        document: reader.required_text("document"),
        provision: reader.text("provision"),
        title: reader.required_text("title"),
        certainty: reader.one_of("certainty", &CERTAINTIES).unwrap_or_default(),
        valid_to: reader.date("valid_to"),
    }
}

fn read_paper(reader: &mut Reader) -> Paper {
    Paper {
        field: reader.required_text("field"),
        name: reader.required_label("name"),
        note: reader.label("note"),
        when_text: reader.label("when_text"),
        basis: reader.required_text("basis"),
    }
}

fn read_time(reader: &mut Reader) -> TimeRule {
    TimeRule {
        limit: reader.required_limit("limit").unwrap_or(TimeLimit::SameDay),
        cases: reader.tables("case", read_time_case),
        extension: reader.limit("extension"),
        basis: reader.required_text("basis"),
    }
}

fn read_time_case(reader: &mut Reader) -> TimeCase {
    TimeCase {
        when: reader.required_expression("when"),
        limit: reader.required_limit("limit").unwrap_or(TimeLimit::SameDay),
        basis: reader.required_text("basis"),
    }
}

fn unreadable_time() -> TimeRule {
    TimeRule { limit: TimeLimit::SameDay, cases: Vec::new(), extension: None, basis: String::new() }
}

fn read_fee(reader: &mut Reader) -> Fee {
    Fee {
        id: reader.text("id"),
        name: reader.required_label("name"),
        amount: reader.required_expression("amount"),
        when: reader.expression("when"),
        text: reader.required_label("text"),
        basis: reader.required_text("basis"),
    }
}

fn read_lookup(reader: &mut Reader, register_ids: &[&str]) -> Lookup {
    Lookup {
        id: reader.required_text("id"),
        register: read_register_choice(reader, register_ids),
        matches: reader.expression_table("matches"),
        in_force: reader.flag("in_force"),
        when: reader.expression("when"),
        label: reader.required_label("label"),
    }
}

/// `register = "marriage"` is the register of that name; anything else is an expression.
fn read_register_choice(reader: &mut Reader, register_ids: &[&str]) -> Expression {
    let named = reader.peek_text("register").filter(|text| register_ids.contains(text));
    match named {
        Some(id) => {
            reader.required_text("register");
            Expression::text_literal(id)
        }
        None => reader.required_expression("register"),
    }
}

fn read_check(reader: &mut Reader) -> Check {
    const TIMES: [(&str, CheckTime); 3] = [
        ("advise", CheckTime::Advise),
        ("block", CheckTime::Block),
        ("block-approval", CheckTime::BlockApproval),
    ];
    Check {
        id: reader.required_text("id"),
        label: reader.required_label("label"),
        source: read_check_source(reader),
        holds: reader.required_expression("holds"),
        when: reader.expression("when"),
        message: reader.required_label("message"),
        fields: reader.texts("fields"),
        at: reader.required_one_of("at", &TIMES).unwrap_or(CheckTime::Advise),
    }
}

fn read_check_source(reader: &mut Reader) -> CheckSource {
    let register = reader.optional_text("register");
    let population = reader.optional_text("population");
    let has_matches = reader.has("matches");
    let matches = reader.expression_table("matches");
    let in_force = reader.flag("in_force");
    if !reader.is_describing() && register.is_some() == population.is_some() {
        let message = "Phần đối chiếu cần “register” hoặc “population”, đúng một trong hai.";
        reader.error("id", "check-source", message);
    }
    if population.is_some() && has_matches {
        reader.error("matches", "check-source", "“matches” chỉ đi với “register”.");
    }
    if population.is_some() && in_force {
        reader.error("in_force", "check-source", "“in_force” chỉ đi với “register”.");
    }
    match (register, population) {
        (None, Some(field)) => CheckSource::Population { field },
        (register, _) => {
            CheckSource::Register { register: register.unwrap_or_default(), matches, in_force }
        }
    }
}

fn read_request(reader: &mut Reader) -> ExchangeRequest {
    ExchangeRequest {
        id: reader.required_text("id"),
        service: reader.required_text("service"),
        label: reader.required_label("label"),
        parameters: reader.expression_table("parameters"),
        basis: reader.required_text("basis"),
    }
}

fn read_entry(reader: &mut Reader) -> EntryRule {
    EntryRule {
        register: reader.required_text("register"),
        fields: reader.expression_table("fields"),
        subjects: reader.expressions("subjects"),
        annotate: reader.tables("annotate", read_annotation),
    }
}

fn read_annotation(reader: &mut Reader) -> AnnotateRule {
    AnnotateRule {
        lookup: reader.required_text("lookup"),
        kind: reader.required_text("kind"),
        text: reader.required_expression("text"),
        ends: false,
    }
}

fn read_amend(reader: &mut Reader) -> AmendRule {
    AmendRule {
        lookup: reader.required_text("lookup"),
        changes: reader.required_text("changes"),
        field: reader.required_text("field"),
        value: reader.required_text("value"),
        address: reader.optional_text("address"),
        heading: reader.expression("heading"),
        reason: reader.required_expression("reason"),
        basis_paper: reader.required_expression("basis_paper"),
    }
}

fn read_result(reader: &mut Reader) -> ResultDocument {
    ResultDocument {
        id: reader.required_text("id"),
        name: reader.required_label("name"),
        template: reader.required_text("template"),
        shows: reader.required_text("shows"),
        qr_fields: reader.texts("qr_fields"),
        copies: reader.expression("copies"),
        when: reader.expression("when"),
    }
}
