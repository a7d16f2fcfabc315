//! What sound content answers.

use super::common::{PROCEDURE, content_of, edited, extended, sample, sample_content, text};
use crate::expr::{self, Lookup, Value, parse};
use crate::model::{Form, Procedure};
use crate::{Content, Facts, Row, Source, hash, row_evaluation_order};
use jiff::civil::date;
use serde_json::{Map, Value as Json, json};

fn object(json: &Json) -> Map<String, Json> {
    json.as_object().unwrap().clone()
}

fn birth(content: &Content) -> &Procedure {
    content.procedure_on("birth", date(2026, 11, 22)).unwrap()
}

/// What an expression gives over the answers of the sample.
fn check(source: &str, expect: &Json) {
    let content = sample_content();
    let answers = object(&json!({
        "child_name": "Nguyễn Minh Mẫu",
        "child_sex": "female",
        "child_birth_date": "2026-09-01",
        "late_reason": "  ",
        "copies": 3,
        "notice": ["17", "18"],
        "mother": {
            "name": "Trần Thị Mẫu",
            "birth_date": "1998",
            "ethnicity": "02",
            "residence": { "province": "82", "commune": "28249", "detail": "12 đường Trần Phú" },
        },
        "witnesses": [{ "full_name": "Lê Văn Mẫu", "relation": "kin" }, { "full_name": null }],
    }));
    let extra = object(&json!({
        "answer": { "personal_number": "087326000001" },
        "found": {
            "earlier": {
                "register": "birth",
                "number": 12,
                "year": 2026,
                "registered_on": "2026-01-05",
                "child_name": "Nguyễn Minh Mẫu",
                "child_sex": "female",
                "child_birth_date": "2026-01-02",
                "mother_birth_date": "1998",
                "home": { "province": "82", "commune": "28261" },
            },
            "nothing": null,
        },
        "count": 1,
        "first": { "register": "birth", "child_sex": "male" },
        "known": true,
        "person": { "name": "Trần Thị Mẫu", "birth_date": "1998-05-01", "sex": "female" },
    }));
    let applicant = json!({ "name": "Trần Thị Mẫu", "nationality": "VN" });
    let form: &Form = &birth(&content).form;
    let facts = Facts {
        content: &content,
        form,
        answers: &answers,
        row: None,
        filed_on: date(2026, 11, 22),
        applicant: Some(&applicant),
        extra: &extra,
    };
    let value = expr::eval(&parse(source).unwrap(), &facts);
    assert_eq!(&value.to_json(), expect, "{source}");
}

#[test]
fn answers_are_read_as_what_their_fields_are() {
    check("child_name", &json!("Nguyễn Minh Mẫu"));
    check("days_between(child_birth_date, filed_on)", &json!(82));
    check("copies + 1", &json!(4));
    check("size(notice)", &json!(2));
    check("mother.birth_date < child_birth_date", &json!(true));
    check("text(mother.birth_date)", &json!("1998"));
    check("years_between(mother.birth_date, child_birth_date)", &json!(27));
    check("witnesses.exists(w, w.relation == 'kin')", &json!(true));
    check("witnesses.all(w, has(w.full_name))", &json!(false));
    check(
        "mother.residence",
        &json!({ "province": "82", "commune": "28249", "detail": "12 đường Trần Phú" }),
    );
}

#[test]
fn a_blank_or_missing_answer_is_absent() {
    check("has(late_reason)", &json!(false));
    check("has(mother.number)", &json!(false));
    check("has(late)", &json!(false));
    check("has(no_such_field)", &json!(false));
    check("child_name.part", &json!(null));
}

#[test]
fn labels_and_addresses_are_for_people() {
    check("label(child_sex)", &json!("Nữ"));
    check("label(mother.ethnicity)", &json!("Tày"));
    check("label(applicant.nationality)", &json!("Việt Nam"));
    check("witnesses.all(w, !has(w.relation) || label(w.relation) == 'Họ hàng')", &json!(true));
    check("label(found.earlier.child_sex)", &json!("Nữ"));
    check("label(person.sex)", &json!("Nữ"));
    check(
        "address_text(mother.residence)",
        &json!("12 đường Trần Phú, phường Đạo Thạnh, tỉnh Đồng Tháp"),
    );
    check("address_text(found.earlier.home)", &json!("phường Mỹ Tho, tỉnh Đồng Tháp"));
}

#[test]
fn entries_found_are_read_as_their_register_says() {
    check("found.earlier.exists", &json!(true));
    check("found.nothing.exists", &json!(false));
    check("found.other.exists", &json!(false));
    check("has(found.nothing.child_name)", &json!(false));
    check("found.earlier.number", &json!(12));
    check("text(found.earlier.registered_on)", &json!("05/01/2026"));
    check("found.earlier.child_birth_date < filed_on", &json!(true));
    check("text(found.earlier.mother_birth_date)", &json!("1998"));
    check("first.child_sex != child_sex", &json!(true));
    check("count == 1 && known", &json!(true));
    check("person.birth_date > date('1998-01-01')", &json!(true));
    check("answer.personal_number", &json!("087326000001"));
}

#[test]
fn a_row_sees_its_own_fields_before_those_of_the_form() {
    let content = sample_content();
    let form = &birth(&content).form;
    let group = form.field("witnesses").unwrap();
    let crate::model::FieldKind::Group { fields, .. } = &group.kind else { panic!() };
    let (answers, row) = (object(&json!({ "copies": 2 })), object(&json!({ "relation": "kin" })));
    let extra = Map::new();
    let facts = Facts {
        content: &content,
        form,
        answers: &answers,
        row: Some(Row { fields, answers: &row }),
        filed_on: date(2026, 11, 22),
        applicant: None,
        extra: &extra,
    };
    let value = |source: &str| expr::eval(&parse(source).unwrap(), &facts);
    assert_eq!(value("relation == 'kin' && copies == 2"), Value::Bool(true));
    assert_eq!(
        facts.label(
            parse("relation").map(|e| expr::references(&e)).unwrap().first().unwrap(),
            "kin"
        ),
        Some("Họ hàng".to_owned())
    );
}

#[test]
fn the_version_of_the_day_is_found_by_code_and_by_slug() {
    let newer = text(&sample(), PROCEDURE).replacen("2025-07-01", "2027-03-01", 1).replacen(
        "name = \"Đăng ký khai sinh\"",
        "name = \"Khai sinh theo luật mới\"",
        1,
    );
    let from = "valid_from = 2025-07-01";
    let closed = format!("{from}\nvalid_to = 2027-02-28");
    let source = edited(sample(), PROCEDURE, from, &closed)
        .with("base/procedures/birth/procedure-2027-03-01.toml", newer);
    let content = content_of(&source);
    let name = |key: &str, day| content.procedure_on(key, day).map(|found| found.name.vi.clone());
    assert_eq!(name("birth", date(2025, 6, 30)), None);
    assert_eq!(name("birth", date(2025, 7, 1)).unwrap(), "Đăng ký khai sinh");
    assert_eq!(name("1.001193", date(2027, 2, 28)).unwrap(), "Đăng ký khai sinh");
    assert_eq!(name("1.001193", date(2027, 3, 1)).unwrap(), "Khai sinh theo luật mới");
    assert_eq!(name("death", date(2026, 1, 1)), None);
}

#[test]
fn a_procedure_keeps_its_hash_through_json_and_every_change_changes_it() {
    let content = sample_content();
    let procedure = birth(&content);
    let json = serde_json::to_string(procedure).unwrap();
    let again: Procedure = serde_json::from_str(&json).unwrap();
    assert_eq!(&again, procedure);
    assert_eq!(hash(&again), hash(procedure));
    assert_eq!(hash(procedure).len(), 64);
    let changed = content_of(&edited(sample(), PROCEDURE, "8000 * copies", "9000 * copies"));
    assert_ne!(hash(birth(&changed)), hash(procedure));
}

#[test]
fn each_field_comes_after_those_it_depends_on() {
    let early = "compute = \"late ? 'a' : 'b'\"\n";
    let source = edited(
        sample(),
        PROCEDURE,
        "type = \"text\"\nformat = \"person-name\"\n",
        &format!("type = \"text\"\n{early}"),
    );
    let content = content_of(&edited(
        source,
        PROCEDURE,
        "child_name = \"child_name\"\nchild_birth_date",
        "child_birth_date",
    ));
    let form = &birth(&content).form;
    let order = form.evaluation_order();
    let ids: Vec<&str> = order
        .iter()
        .map(|(section, field)| form.sections[*section].fields[*field].id.as_str())
        .collect();
    assert_eq!(ids.len(), form.fields().count());
    let position = |id: &str| ids.iter().position(|found| *found == id).unwrap();
    assert!(position("late") < position("child_name"));
    assert!(position("child_birth_date") < position("late"));
    assert!(position("late") < position("late_reason"));
    let crate::model::FieldKind::Group { fields, .. } = &form.field("witnesses").unwrap().kind
    else {
        panic!()
    };
    assert_eq!(row_evaluation_order(fields), [0, 1]);
}

#[test]
fn a_later_pack_replaces_what_an_earlier_one_says() {
    let province = |source: Source| {
        source
            .with("province/pack.toml", "id = \"province\"\nname = \"Tỉnh\"\nversion = \"1\"\nrequires = [\"base\"]")
            .with("province/codes/sex.toml", "id = \"sex\"\nsource = \"tỉnh\"\n[[item]]\ncode = \"male\"\nvi = \"Ông\"\n[[item]]\ncode = \"female\"\nvi = \"Bà\"")
            .with("province/templates/receipt.typ", "= Giấy của tỉnh")
            .with("province/calendar.toml", "cut_off = \"16:00\"")
            .with("province/procedures/birth/procedure.toml", text(&sample(), PROCEDURE).replace("8000 * copies", "5000 * copies"))
            .with("province/fonts/a.ttf", [0, 1, 2])
    };
    let content = content_of(&province(sample()));
    let packs: Vec<&str> = content.packs.iter().map(|pack| pack.id.as_str()).collect();
    assert_eq!(packs, ["base", "province"]);
    assert_eq!(content.code_label("sex", "female").unwrap().vi, "Bà");
    assert_eq!(content.templates["templates/receipt.typ"], "= Giấy của tỉnh");
    assert_eq!(content.calendar.cut_off(), jiff::civil::time(16, 0, 0, 0));
    assert!(content.calendar.works_on(date(2026, 11, 23)));
    assert_eq!(content.procedures.len(), 1);
    assert_eq!(birth(&content).fees[0].amount.source(), "5000 * copies");
    assert_eq!(content.fonts, [vec![0, 1, 2]]);
}

#[test]
fn a_template_lies_beside_its_procedure_or_among_the_shared_ones() {
    let content = sample_content();
    let path = |slug: &str, file: &str| content.template_path(slug, file);
    assert_eq!(path("birth", "certificate.typ").unwrap(), "procedures/birth/certificate.typ");
    assert_eq!(path("birth", "receipt.typ").unwrap(), "templates/receipt.typ");
    assert_eq!(path("", "receipt.typ").unwrap(), "templates/receipt.typ");
    assert_eq!(path("birth", "other.typ"), None);
}

/// The sample with two more procedures.
fn searchable() -> Content {
    let copy = |slug: &str, code: &str, name: &str, aliases: &str, summary: &str| {
        text(&sample(), PROCEDURE)
            .replace("slug = \"birth\"", &format!("slug = \"{slug}\""))
            .replace("1.001193", code)
            .replace(
                "name = \"Đăng ký khai sinh\"\nname_en = \"Birth registration\"",
                &format!("name = \"{name}\""),
            )
            .replace("aliases = [\"Làm giấy khai sinh\"]", &format!("aliases = {aliases}"))
            .replace("Đăng ký khai sinh cho trẻ em trong 60 ngày.", summary)
            .replace("common_rank = 1\n", "")
    };
    let extract = copy(
        "extract",
        "2.000635",
        "Cấp bản sao trích lục hộ tịch",
        "[\"Sao y giấy khai sinh\"]",
        "Cấp bản sao giấy khai sinh, giấy kết hôn đã đăng ký.",
    );
    let marriage = copy(
        "marriage",
        "1.000894",
        "Đăng ký kết hôn",
        "[\"Làm giấy hôn thú\"]",
        "Nam, nữ đăng ký kết hôn; cần giấy xác nhận tình trạng hôn nhân.",
    );
    let certificate = text(&sample(), "base/procedures/birth/certificate.typ");
    let source = sample()
        .with("base/procedures/extract/procedure.toml", extract)
        .with("base/procedures/extract/certificate.typ", certificate.clone())
        .with("base/procedures/marriage/procedure.toml", marriage)
        .with("base/procedures/marriage/certificate.typ", certificate);
    let source = edited(
        source,
        "base/synonyms.toml",
        "[\"sinh\", \"sanh\"]",
        "[\"sinh\", \"sanh\"], [\"kết hôn\", \"cưới\", \"hôn thú\"]",
    );
    content_of(&source)
}

#[test]
fn a_procedure_is_found_by_what_people_type() {
    let content = searchable();
    let first = |query: &str| content.search_procedures(query, 5).first().map(|p| p.slug.clone());
    for query in [
        "khai sinh",
        "khai sanh",
        "dang ky khai sinh",
        "giay khai sinh",
        "giấy khai sinh",
        "ĐĂNG KÝ KHAI SINH",
        "khai sin",
        "em bé",
        "làm giấy khai sanh cho con",
        "1.001193",
        "birth registration",
        "dăng ký khai  sinh",
    ] {
        assert_eq!(first(query).as_deref(), Some("birth"), "{query}");
    }
    for query in ["kết hôn", "ket hon", "cưới", "dang ky ket hon", "hôn thú", "giấy kết hôn"]
    {
        assert_eq!(first(query).as_deref(), Some("marriage"), "{query}");
    }
    for query in ["trích lục", "trich luc", "bản sao", "sao y", "trich lục khai sinh"] {
        assert_eq!(first(query).as_deref(), Some("extract"), "{query}");
    }
}

#[test]
fn the_name_counts_more_than_an_alias_and_an_alias_more_than_the_summary() {
    let content = searchable();
    let found = content.search_procedures("khai sinh", 5);
    let slugs: Vec<&str> = found.iter().map(|p| p.slug.as_str()).collect();
    assert_eq!(slugs, ["birth", "extract"]);
    let found = content.search_procedures("đăng ký", 5);
    let slugs: Vec<&str> = found.iter().map(|p| p.slug.as_str()).collect();
    assert_eq!(slugs, ["birth", "marriage", "extract"]);
}

#[test]
fn nothing_is_offered_for_nothing_or_for_what_nobody_knows() {
    let content = searchable();
    for query in ["", "   ", "!!!", "máy bay", "xyzzy"] {
        assert!(content.search_procedures(query, 5).is_empty(), "{query}");
    }
    assert_eq!(content.search_procedures("đăng ký", 1).len(), 1);
}

#[test]
fn demonstration_files_are_read() {
    let source = sample()
        .with("demo/pack.toml", "id = \"demo\"\nname = \"Mẫu\"\nversion = \"1\"\nrequires = [\"base\"]")
        .with(
            "demo/accounts.toml",
            "[[account]]\nlogin = \"canbo\"\npassword = \"mẫu\"\nname = \"Lê Văn Mẫu\"\nkind = \"officer\"\nroles = [{ role = \"desk\", unit = \"28249\" }]",
        )
        .with("demo/residents.toml", "seed = 7\n[[resident]]\nnumber = \"088093000101\"");
    let content = content_of(&source);
    assert_eq!(content.demo_accounts.accounts[0].roles[0].unit, "28249");
    assert!(content.demo_residents.starts_with("seed = 7"));
}

#[test]
fn the_schema_knows_every_key_of_the_sample() {
    let schemas = crate::json_schema();
    let procedure: Json = {
        let source = sample();
        let parsed: toml::Value = toml::from_str(&text(&source, PROCEDURE)).unwrap();
        serde_json::to_value(parsed).unwrap()
    };
    conforms(&procedure, &schemas["procedure"], "procedure");
    assert_eq!(schemas["procedure"]["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let required = schemas["procedure"]["required"].as_array().unwrap();
    assert!(required.contains(&json!("code")) && !required.contains(&json!("aliases")));
    let types = &schemas["procedure"]["properties"]["section"]["items"]["properties"]["field"]["items"]
        ["properties"];
    assert!(types["type"]["enum"].as_array().unwrap().contains(&json!("partial-date")));
    assert!(types["max_files"].is_object() && types["parts"]["items"]["enum"].is_array());
}

/// Every key is in the schema, every required key is there.
fn conforms(json: &Json, schema: &Json, at: &str) {
    match json {
        Json::Object(parts) => {
            let properties = schema["properties"].as_object();
            for (key, value) in parts {
                if key == "$__toml_private_datetime" || schema["additionalProperties"].is_object() {
                    continue;
                }
                let inner = properties.and_then(|known| known.get(key));
                conforms(
                    value,
                    inner.unwrap_or_else(|| panic!("{at}.{key}")),
                    &format!("{at}.{key}"),
                );
            }
            for key in schema["required"].as_array().into_iter().flatten() {
                assert!(parts.contains_key(key.as_str().unwrap()), "{at}: {key}");
            }
        }
        Json::Array(items) => items.iter().for_each(|item| conforms(item, &schema["items"], at)),
        _ => {}
    }
}

#[test]
fn a_source_is_read_from_a_folder() {
    let source = sample();
    assert!(source.bytes("base/pack.toml").is_some());
    assert!(Source::from_dir(std::path::Path::new("no/such/folder")).is_err());
    let _ = extended(source, "base/pack.toml", "# thêm");
}

/// Dossiers name their version by its hash: what a file does not say may not change it.
#[test]
fn keys_that_a_file_does_not_use_leave_the_name_of_its_version_alone() {
    let content = sample_content();
    let json = serde_json::to_string(birth(&content)).unwrap();
    for key in ["in_force", "abolished_by", "cases", "heading", "address\":"] {
        assert!(!json.contains(&format!("\"{key}")), "{key}");
    }
}
