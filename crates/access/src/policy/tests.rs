//! The rules of the house, tried on the policies that are shipped.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Instant;

use cedar_policy::{Entities, Request, Schema};
use kernel::error::ErrorCode;
use kernel::id::{AccountId, DocumentId, DossierId, DraftId, EntryId};
use kernel::person_number::PersonNumber;
use kernel::unit::UnitCode;

use super::sample::{citizen, context, day, holder, officer, unit};
use super::*;
use crate::context::{OpContext, Purpose, RoleBinding};
use crate::resource::DocumentKind;

const POLICIES: PolicyText<'static> = PolicyText {
    path: "national/policies/access.cedar",
    text: include_str!("../../../../content/national/policies/access.cedar"),
};
const SCHEMA: PolicyText<'static> = PolicyText {
    path: "national/policies/schema.cedarschema",
    text: include_str!("../../../../content/national/policies/schema.cedarschema"),
};

const COMMUNE: &str = "29869";
const OTHER_COMMUNE: &str = "29881";
const PROVINCE: &str = "82";
const DESK: &str = "one-stop-officer";
const CIVIL_STATUS: &str = "civil-status-officer";
const CHAIR: &str = "commune-chair";

fn authorizer() -> Authorizer {
    let provinces = [COMMUNE, OTHER_COMMUNE].map(|commune| (unit(commune), unit(PROVINCE)));
    Authorizer::new(&[POLICIES], SCHEMA).unwrap().with_provinces(provinces)
}

fn with_policies(text: &str) -> Result<Authorizer, Vec<PolicyProblem>> {
    Authorizer::new(&[PolicyText { path: "test.cedar", text }], SCHEMA)
}

/// Things in the commune, about the citizen of `sample` (account 7).
struct Things {
    commune: UnitCode,
    other: UnitCode,
    subjects: Vec<PersonNumber>,
}

impl Things {
    fn new() -> Self {
        Self {
            commune: unit(COMMUNE),
            other: unit(OTHER_COMMUNE),
            subjects: vec!["082190000007".parse().unwrap(), "082090000008".parse().unwrap()],
        }
    }

    fn dossier(&self) -> Resource<'_> {
        self.dossier_in(&self.commune)
    }

    fn dossier_in<'a>(&'a self, unit: &'a UnitCode) -> Resource<'a> {
        Resource::Dossier {
            id: DossierId::from_raw(1),
            unit,
            procedure: "1.001193",
            applicant: AccountId::from_raw(7),
            subjects: &self.subjects,
            prepared_by: Some(AccountId::from_raw(200)),
            owner_role: Some(CIVIL_STATUS),
        }
    }

    fn dossier_prepared_by(&self, officer: i64) -> Resource<'_> {
        match self.dossier() {
            Resource::Dossier { id, unit, procedure, applicant, subjects, owner_role, .. } => {
                let prepared_by = Some(AccountId::from_raw(officer));
                Resource::Dossier {
                    id,
                    unit,
                    procedure,
                    applicant,
                    subjects,
                    prepared_by,
                    owner_role,
                }
            }
            other => other,
        }
    }

    fn draft(&self) -> Resource<'_> {
        Resource::Draft { id: DraftId::from_raw(2), owner: AccountId::from_raw(7) }
    }

    fn entry(&self) -> Resource<'_> {
        Resource::Entry {
            id: EntryId::from_raw(3),
            unit: &self.commune,
            register: "birth",
            subjects: &self.subjects,
        }
    }

    fn document(&self, kind: DocumentKind, owner: Option<i64>) -> Resource<'_> {
        Resource::Document {
            id: DocumentId::from_raw(4),
            unit: &self.commune,
            kind,
            owner: owner.map(AccountId::from_raw),
            subjects: &self.subjects,
        }
    }

    /// One of each, the unit being the commune.
    fn all(&self) -> Vec<(&'static str, Resource<'_>)> {
        vec![
            ("dossier", self.dossier()),
            ("draft", self.draft()),
            ("entry", self.entry()),
            ("document", self.document(DocumentKind::Upload, Some(7))),
            ("account", Resource::Account(AccountId::from_raw(7))),
            ("unit", Resource::Unit(&self.commune)),
            ("system", Resource::System),
        ]
    }
}

/// The kinds of resource to which the schema lets an action apply.
fn kind_of(action: Action) -> &'static str {
    let schema: Schema = SCHEMA.text.parse().unwrap();
    let uid = format!("Action::\"{action}\"").parse().unwrap();
    let name = schema.resources_for_action(&uid).unwrap().next().unwrap().to_string();
    ["Dossier", "Draft", "Entry", "Document", "Account", "Unit", "System"]
        .into_iter()
        .zip(["dossier", "draft", "entry", "document", "account", "unit", "system"])
        .find(|(declared, _)| *declared == name)
        .unwrap()
        .1
}

fn allowed(context: &OpContext, action: Action, resource: &Resource<'_>) -> bool {
    let decision = authorizer().allow(context, action, resource);
    assert_eq!(decision.fault, None, "{action}");
    decision.allowed
}

fn actions_allowed(context: &OpContext) -> BTreeSet<&'static str> {
    let things = Things::new();
    Action::ALL
        .iter()
        .filter(|action| {
            let kind = kind_of(**action);
            let all = things.all();
            let (_, resource) = all.iter().find(|(name, _)| *name == kind).unwrap();
            allowed(context, **action, resource)
        })
        .map(|action| action.name())
        .collect()
}

fn names(list: &[&'static str]) -> BTreeSet<&'static str> {
    list.iter().copied().collect()
}

// ------------------------------------------------------------ who may do what

#[test]
fn nobody_may_do_anything_before_signing_in() {
    let nobody = context(Actor::Nobody);
    assert_eq!(actions_allowed(&nobody), names(&[]));
    let things = Things::new();
    let refusal = authorizer().allow(&nobody, Action::DossierView, &things.dossier());
    assert_eq!(refusal.require().unwrap_err().code, ErrorCode::Unauthenticated);
}

#[test]
fn a_citizen_may_do_what_is_their_own_and_nothing_else() {
    assert_eq!(
        actions_allowed(&citizen()),
        names(&[
            "dossier.file",
            "dossier.view",
            "dossier.act",
            "dossier.rate",
            "draft.edit",
            "entry.view",
            "document.download",
            "account.own",
        ])
    );
    let mut stranger = citizen();
    if let Actor::Account(account) = &mut stranger.actor {
        account.id = AccountId::from_raw(8);
        account.person_number = "082190000999".parse().ok();
    }
    assert_eq!(actions_allowed(&stranger), names(&["dossier.file"]));
}

#[test]
fn a_person_gets_the_signed_result_about_them_but_not_what_others_attached() {
    let things = Things::new();
    let result = things.document(DocumentKind::Result, Some(9));
    assert!(allowed(&citizen(), Action::DocumentDownload, &result));
    let upload = things.document(DocumentKind::Upload, Some(9));
    assert!(!allowed(&citizen(), Action::DocumentDownload, &upload));
}

#[test]
fn an_office_counts_in_its_own_unit_only() {
    let things = Things::new();
    for role in [DESK, CIVIL_STATUS, CHAIR] {
        let context = holder(role, COMMUNE);
        assert!(allowed(&context, Action::DossierView, &things.dossier()));
        assert!(!allowed(&context, Action::DossierView, &things.dossier_in(&things.other)));
        // The same office in the province is another office.
        assert!(!allowed(&holder(role, PROVINCE), Action::DossierView, &things.dossier()));
    }
}

#[test]
fn an_office_that_has_ended_or_not_begun_counts_for_nothing() {
    let things = Things::new();
    let held = |from: &str, to: Option<&str>| {
        officer(vec![RoleBinding {
            role: CHAIR.to_owned(),
            unit: unit(COMMUNE),
            from: day(from),
            to: to.map(day),
        }])
    };
    assert!(allowed(&held("2026-11-20", None), Action::DossierApprove, &things.dossier()));
    assert!(!allowed(&held("2026-11-21", None), Action::DossierApprove, &things.dossier()));
    let ended = held("2026-01-01", Some("2026-11-19"));
    assert!(!allowed(&ended, Action::DossierApprove, &things.dossier()));
}

#[test]
fn only_the_chair_approves() {
    let things = Things::new();
    for (role, may) in [(DESK, false), (CIVIL_STATUS, false), (CHAIR, true)] {
        let context = holder(role, COMMUNE);
        assert_eq!(allowed(&context, Action::DossierApprove, &things.dossier()), may, "{role}");
    }
}

#[test]
fn nobody_approves_what_they_prepared() {
    let things = Things::new();
    let decision = authorizer().allow(
        &holder(CHAIR, COMMUNE),
        Action::DossierApprove,
        &things.dossier_prepared_by(100),
    );
    assert!(!decision.allowed);
    assert_eq!(decision.policy.as_deref(), Some("nobody-approves-own-work"));
    let error = decision.require().unwrap_err();
    assert_eq!(error.code, ErrorCode::Forbidden);
    assert!(error.message.contains("không được tự phê duyệt"));
    assert_eq!(error.cause.as_deref(), Some("forbidden by policy nobody-approves-own-work"));
}

#[test]
fn an_officer_does_not_handle_a_case_about_themselves() {
    let mut things = Things::new();
    things.subjects.push("082085000100".parse().unwrap());
    for (role, action) in [
        (DESK, Action::DossierAct),
        (CIVIL_STATUS, Action::DossierAct),
        (CHAIR, Action::DossierApprove),
        (CHAIR, Action::DossierAssign),
    ] {
        let decision = authorizer().allow(&holder(role, COMMUNE), action, &things.dossier());
        assert_eq!(decision.policy.as_deref(), Some("nobody-handles-a-case-of-their-own"));
    }
}

#[test]
fn searching_and_reading_need_a_purpose_beyond_calling_the_data_ones_own() {
    let things = Things::new();
    let silent = holder(CIVIL_STATUS, COMMUNE);
    let commune = Resource::Unit(&things.commune);
    for (action, resource, policy) in [
        (Action::EntrySearch, commune, "search-states-its-purpose"),
        (Action::PopulationLookUp, commune, "search-states-its-purpose"),
        (Action::EntryView, things.entry(), "reading-states-its-purpose"),
    ] {
        for context in [silent.clone(), silent.for_purpose(Purpose::OwnData)] {
            let decision = authorizer().allow(&context, action, &resource);
            assert_eq!(decision.policy.as_deref(), Some(policy), "{action}");
        }
        for purpose in
            [Purpose::Dossier(DossierId::from_raw(1)), Purpose::Reason("đối chiếu".to_owned())]
        {
            assert!(allowed(&silent.for_purpose(purpose), action, &resource), "{action}");
        }
    }
}

#[test]
fn an_officer_reads_the_entry_about_themselves_like_anybody_else() {
    let mut things = Things::new();
    things.subjects.push("082085000100".parse().unwrap());
    let elsewhere = holder(DESK, OTHER_COMMUNE);
    assert!(allowed(&elsewhere, Action::EntryView, &things.entry()));
}

#[test]
fn administration_needs_a_second_factor() {
    let things = Things::new();
    let with = holder("administrator", COMMUNE);
    let mut without = with.clone();
    if let Actor::Account(account) = &mut without.actor {
        account.mfa = false;
    }
    let commune = Resource::Unit(&things.commune);
    assert!(allowed(&with, Action::AccountManage, &commune));
    let refusal = authorizer().allow(&without, Action::AccountManage, &commune);
    assert_eq!(refusal.policy.as_deref(), Some("administration-needs-two-factors"));
}

#[test]
fn offices_of_the_province_reach_its_communes_where_a_policy_says_so() {
    let things = Things::new();
    let auditor = holder("auditor", PROVINCE);
    assert!(allowed(&auditor, Action::AuditView, &Resource::Unit(&things.commune)));
    assert!(allowed(&auditor, Action::AuditView, &Resource::Unit(&unit(PROVINCE))));
    // Nobody said that this commune is in the province.
    assert!(!allowed(&auditor, Action::AuditView, &Resource::Unit(&unit("00004"))));
}

#[test]
fn the_scope_of_a_list_is_the_units_where_the_policies_allow_it() {
    let authorizer = authorizer();
    let scope = |context: &OpContext, action| authorizer.units_where(context, action);
    assert_eq!(scope(&holder(DESK, COMMUNE), Action::DossierList), [unit(COMMUNE)]);
    assert_eq!(scope(&citizen(), Action::DossierList), []);
    assert_eq!(scope(&context(Actor::Nobody), Action::DossierList), []);
    let everywhere = [unit(COMMUNE), unit(OTHER_COMMUNE), unit(PROVINCE)];
    let mut sorted = everywhere.to_vec();
    sorted.sort_unstable();
    assert_eq!(scope(&holder("auditor", PROVINCE), Action::AuditView), sorted);
    assert_eq!(scope(&holder("auditor", COMMUNE), Action::AuditView), [unit(COMMUNE)]);
}

#[test]
fn background_work_may_do_everything() {
    let system = OpContext::system("job", sample::moment("2026-11-20T09:00:00+07:00"));
    assert_eq!(actions_allowed(&system).len(), Action::ALL.len());
}

#[test]
fn who_may_do_what_is_known_in_full() {
    let purpose = Purpose::Reason("đối chiếu".to_owned());
    let mut table = String::new();
    for (name, context) in [
        ("one-stop-officer", holder(DESK, COMMUNE)),
        ("civil-status-officer", holder(CIVIL_STATUS, COMMUNE)),
        ("commune-chair", holder(CHAIR, COMMUNE)),
        ("auditor", holder("auditor", COMMUNE)),
        ("administrator", holder("administrator", COMMUNE)),
        ("auditor of the province", holder("auditor", PROVINCE)),
        ("administrator of the province", holder("administrator", PROVINCE)),
        ("officer elsewhere", holder(CHAIR, OTHER_COMMUNE)),
    ] {
        let allowed = actions_allowed(&context.for_purpose(purpose.clone()));
        let list: Vec<&str> = allowed.into_iter().collect();
        writeln!(table, "{name}: {}", list.join(" ")).unwrap();
    }
    assert_eq!(
        table,
        "\
one-stop-officer: document.download dossier.act dossier.file dossier.list dossier.receive dossier.view statistics.view
civil-status-officer: document.download dossier.act dossier.file dossier.list dossier.receive dossier.view entry.import entry.search entry.view law.review population.look-up statistics.view
commune-chair: document.download dossier.act dossier.approve dossier.assign dossier.file dossier.list dossier.view entry.search entry.view population.look-up statistics.view
auditor: audit.verify audit.view dossier.file
administrator: account.manage audit.verify content.manage dossier.file exchange.manage system.view
auditor of the province: audit.verify audit.view dossier.file statistics.view
administrator of the province: account.manage audit.verify content.manage dossier.file exchange.manage statistics.view system.view
officer elsewhere: dossier.file
"
    );
}

// ------------------------------------------------------------ the engine

#[test]
fn what_the_program_builds_is_what_the_schema_says() {
    let things = Things::new();
    let schema: Schema = SCHEMA.text.parse().unwrap();
    let authorizer = authorizer();
    let contexts = [
        context(Actor::Nobody),
        citizen().for_purpose(Purpose::OwnData),
        holder(CHAIR, COMMUNE),
        OpContext::system("job", sample::moment("2026-11-20T09:00:00+07:00")),
    ];
    for context in &contexts {
        for slice in &authorizer.slices {
            let kind = kind_of(slice.action);
            let all = things.all();
            let (_, resource) = all.iter().find(|(name, _)| *name == kind).unwrap();
            let (request, entities) = authorizer
                .builder
                .question(slice, context, resource, Some(&unit(PROVINCE)))
                .unwrap();
            Request::new(
                request.principal().unwrap().clone(),
                request.action().unwrap().clone(),
                request.resource().unwrap().clone(),
                request.context().unwrap().clone(),
                Some(&schema),
            )
            .unwrap();
            Entities::from_entities(entities, Some(&schema)).unwrap();
        }
    }
}

#[test]
fn a_policy_that_fails_while_evaluating_refuses_even_what_others_permit() {
    let text = r#"
        @id("permits") permit (principal, action, resource);
        @id("overflows") permit (principal, action == Action::"system.view", resource)
        when { 9223372036854775807 + 1 == 0 };
    "#;
    let authorizer = with_policies(text).unwrap();
    let decision = authorizer.allow(&citizen(), Action::SystemView, &Resource::System);
    assert!(!decision.allowed);
    assert_eq!(decision.fault.as_deref(), Some("policy overflows failed to evaluate"));
    assert_eq!(decision.require().unwrap_err().code, ErrorCode::Forbidden);
    assert!(authorizer.allow(&citizen(), Action::AuditVerify, &Resource::System).allowed);
}

#[test]
fn an_action_asked_about_the_wrong_kind_of_thing_is_refused() {
    let decision =
        authorizer().allow(&holder(CHAIR, COMMUNE), Action::DossierApprove, &Resource::System);
    assert!(!decision.allowed);
}

#[test]
fn without_policies_everything_is_refused() {
    let authorizer = with_policies("").unwrap();
    let things = Things::new();
    for action in Action::ALL {
        let decision = authorizer.allow(&citizen(), *action, &things.dossier());
        assert!(!decision.allowed);
    }
    let decision = authorizer.allow(&citizen(), Action::DossierView, &things.dossier());
    assert_eq!(decision.require().unwrap_err().cause.as_deref(), Some("no policy permits it"));
}

#[test]
fn a_decision_takes_microseconds() {
    // Dependencies are built with little optimisation in tests; the release target is 20 µs. This
    // catches a schema parsed per request or the like.
    let things = Things::new();
    let authorizer = authorizer();
    let context = holder(CIVIL_STATUS, COMMUNE);
    let rounds = 2_000;
    let start = Instant::now();
    for _ in 0..rounds {
        assert!(authorizer.allow(&context, Action::DossierView, &things.dossier()).allowed);
    }
    let each = start.elapsed() / rounds;
    println!("one decision: {each:?}");
    assert!(each.as_micros() < 1_000, "{each:?}");
}

// ------------------------------------------------------------ what is wrong with policies

fn problems(text: &str) -> Vec<(u32, &'static str)> {
    let problems = with_policies(text).err().unwrap();
    assert!(problems.iter().all(|problem| problem.file == "test.cedar"), "{problems:?}");
    problems.into_iter().map(|problem| (problem.line, problem.code)).collect()
}

#[test]
fn a_policy_without_a_name_is_named_by_its_line() {
    let text = "// lời dẫn\n\npermit (principal, action, resource);\n";
    assert_eq!(problems(text), [(3, "policy-id")]);
}

#[test]
fn a_name_used_twice_and_a_silent_forbid_are_told_together() {
    let text = "@id(\"a\")\npermit (principal, action, resource);\n\
                @id(\"a\")\npermit (principal, action, resource) when { principal.kind == \"x\" };\n\
                @id(\"b\")\nforbid (principal, action, resource);\n";
    let mut found = problems(text);
    found.sort_unstable();
    assert_eq!(found, [(3, "policy-id"), (5, "policy-message")]);
}

#[test]
fn a_slip_of_the_pen_is_found_with_its_place() {
    let text = "@id(\"a\")\npermit (principal, action, resource)\nwhen { principal.kind = 1 };\n";
    assert_eq!(problems(text), [(3, "policy-syntax")]);
}

#[test]
fn names_and_types_that_the_schema_does_not_know_are_found() {
    let unknown_attribute = "@id(\"a\")\npermit (principal, action, resource)\n\
                             when { principal.colour == \"red\" };\n";
    assert_eq!(problems(unknown_attribute)[0], (3, "policy-type"));
    let unknown_action =
        "@id(\"a\")\npermit (principal, action == Action::\"dossier.burn\", resource);\n";
    assert!(problems(unknown_action).iter().all(|problem| problem.1 == "policy-type"));
    let wrong_type =
        "@id(\"a\")\npermit (principal, action, resource)\nwhen { principal.kind > 3 };\n";
    assert_eq!(problems(wrong_type)[0], (3, "policy-type"));
}

#[test]
fn a_policy_that_can_never_apply_is_found() {
    let text =
        "@id(\"a\")\npermit (principal, action == Action::\"system.view\", resource is Dossier);\n";
    assert!(!problems(text).is_empty());
}

#[test]
fn templates_are_refused() {
    let text = "@id(\"a\")\npermit (principal == ?principal, action, resource);\n";
    assert!(problems(text).contains(&(1, "policy-template")));
}

#[test]
fn schema_and_program_must_know_the_same_actions() {
    let changed = SCHEMA.text.replace("\"dossier.rate\"", "\"dossier.praise\"");
    let schema = PolicyText { path: "schema", text: &changed };
    let found = Authorizer::new(&[], schema).err().unwrap();
    let messages: Vec<&str> = found.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("\"dossier.rate\"")));
    assert!(messages.iter().any(|message| message.contains("\"dossier.praise\"")));
}

#[test]
fn a_broken_schema_is_told_with_its_line() {
    let schema = PolicyText { path: "schema", text: "entity User;\nentity ;\n" };
    let found = Authorizer::new(&[], schema).err().unwrap();
    assert_eq!((found[0].line, found[0].code), (2, "policy-schema"));
}
