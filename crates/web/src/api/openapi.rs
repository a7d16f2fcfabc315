//! The description of the API (OpenAPI 3.1), made from the route table: a route without a description
//! fails a test.

use app::App;
use serde_json::{Map, Value, json};

use crate::page::api_docs::{ApiGroup, ApiOperation, ApiParameter, ApiResponse};
#[cfg(test)]
use crate::routes::{Who, routes};

/// What the readable page says first.
pub(crate) const INTRODUCTION: [&str; 4] = [
    "Giao diện lập trình làm đúng những việc mà trang web làm, với cùng quy tắc và cùng quyền.",
    "Mỗi yêu cầu mang mã truy cập trong tiêu đề Authorization: Bearer. Tạo mã bằng POST /api/v1/tokens; mã có phạm vi và thời hạn.",
    "Lỗi trả về dạng application/problem+json (RFC 9457), nêu mọi điểm sai cùng lúc. Danh sách phân trang bằng con trỏ: lấy next của trang trước gửi lại ở after.",
    "Mỗi POST làm thay đổi dữ liệu nhận tiêu đề Idempotency-Key: gửi lại cùng khóa và cùng nội dung thì việc chỉ làm một lần, câu trả lời như lần đầu; khóa được giữ bảy ngày. Riêng tạo mã truy cập không nhận khóa, vì mã bí mật không được lưu: nếu mất câu trả lời, hãy kết thúc mã đó và tạo mã khác.",
];

/// What a route does, beside what the table knows.
struct Operation {
    method: &'static str,
    path: &'static str,
    id: &'static str,
    group: &'static str,
    summary: &'static str,
    scope: &'static str,
    /// Query parameters: name, type, meaning.
    query: &'static [(&'static str, &'static str, &'static str)],
    /// Schema of the body, by name.
    body: &'static str,
    /// Schema of the answer, by name.
    answer: &'static str,
    /// Status when all is well.
    status: &'static str,
}

/// Operations that change something and can be repeated under an `Idempotency-Key`.
const KEYED: [&str; 4] = ["create_dossier", "act_on_dossier", "rate_dossier", "upload_file"];

const GROUPS: [(&str, &str); 7] = [
    ("procedures", "Thủ tục"),
    ("dossiers", "Hồ sơ"),
    ("files", "Tệp và giấy tờ"),
    ("registers", "Sổ hộ tịch"),
    ("verification", "Kiểm tra giấy tờ"),
    ("law", "Pháp luật"),
    ("access", "Truy cập và dữ liệu của tôi"),
];

macro_rules! operations {
    ($($method:literal $path:literal => $id:literal, $group:literal, $summary:literal, $scope:literal,
        [$($name:literal: $kind:literal = $meaning:literal),*], $body:literal => $status:literal $answer:literal;)*) => {
        &[$(Operation {
            method: $method, path: $path, id: $id, group: $group, summary: $summary, scope: $scope,
            query: &[$(($name, $kind, $meaning)),*], body: $body, answer: $answer, status: $status,
        }),*]
    };
}

const OPERATIONS: &[Operation] = operations! {
    "GET" "/api/v1/procedures" => "list_procedures", "procedures", "Tìm thủ tục theo lời thường dùng, có dấu hay không dấu", "", ["q": "string" = "Từ cần tìm", "limit": "integer" = "Số kết quả, nhiều nhất 100"], "" => "200" "ProcedureList";
    "GET" "/api/v1/procedures/{code}" => "get_procedure", "procedures", "Một thủ tục: giấy tờ, thời hạn, lệ phí, căn cứ và lược đồ câu trả lời", "", [], "" => "200" "Procedure";
    "POST" "/api/v1/dossiers" => "create_dossier", "dossiers", "Nộp hồ sơ", "dossiers:write", [], "NewDossier" => "201" "Done";
    "POST" "/api/v1/dossiers/check" => "check_dossier", "dossiers", "Kiểm tra câu trả lời như khi nộp, không lưu", "dossiers:write", [], "NewDossier" => "200" "Checked";
    "GET" "/api/v1/dossiers" => "list_dossiers", "dossiers", "Danh sách hồ sơ: cán bộ theo trạng thái và thời gian còn lại, công dân theo ngày nộp", "dossiers:read", ["state": "string" = "working, waiting-applicant, waiting-signature, done, refused, stopped", "view": "string" = "mine, late, due-today, open", "unit": "string" = "Mã đơn vị", "after": "string" = "Con trỏ của trang trước", "limit": "integer" = "Nhiều nhất 200"], "" => "200" "DossierList";
    "GET" "/api/v1/dossiers/{code}" => "get_dossier", "dossiers", "Một hồ sơ; lượt đọc của cán bộ được ghi lại", "dossiers:read", [], "" => "200" "Dossier";
    "GET" "/api/v1/dossiers/{code}/timeline" => "get_dossier_timeline", "dossiers", "Diễn biến của hồ sơ", "dossiers:read", [], "" => "200" "Timeline";
    "POST" "/api/v1/dossiers/{code}/actions/{action}" => "act_on_dossier", "dossiers", "Thực hiện một việc trong quy trình", "dossiers:write", [], "Act" => "200" "Done";
    "POST" "/api/v1/dossiers/{code}/rating" => "rate_dossier", "dossiers", "Đánh giá việc giải quyết hồ sơ của mình", "dossiers:write", [], "Rating" => "204" "";
    "GET" "/api/v1/tracking/{code}" => "track_dossier", "dossiers", "Tình trạng hồ sơ theo mã, không có dữ liệu cá nhân", "", [], "" => "200" "Tracking";
    "POST" "/api/v1/files" => "upload_file", "files", "Tải tệp cho một mục của tờ khai; nội dung yêu cầu là chính tệp", "dossiers:write", ["procedure": "string" = "Mã thủ tục", "field": "string" = "Mục nhận tệp", "name": "string" = "Tên tệp"], "binary" => "201" "File";
    "GET" "/api/v1/documents/{document}" => "get_document", "files", "Giấy tờ dạng PDF", "dossiers:read", [], "" => "200" "pdf";
    "GET" "/api/v1/registers/{register}/entries" => "search_entries", "registers", "Tra cứu sổ theo số, số định danh hoặc họ tên; phải nêu lý do", "registers:read", ["q": "string" = "125/2026, 12 chữ số, hoặc họ tên", "reason": "string" = "Lý do; người có dữ liệu xem được"], "" => "200" "EntryList";
    "GET" "/api/v1/registers/{register}/entries/{entry}" => "get_entry", "registers", "Một việc hộ tịch với các phiên bản và ghi chú; phải nêu lý do", "registers:read", ["reason": "string" = "Lý do; người có dữ liệu xem được"], "" => "200" "Entry";
    "POST" "/api/v1/verifications" => "verify_code", "verification", "Kiểm tra mã QR trên giấy tờ", "", [], "Code" => "200" "Verification";
    "GET" "/api/v1/law/search" => "search_law", "law", "Tìm quy định của pháp luật theo từ, câu hỏi, có dấu hay không dấu", "", ["q": "string" = "Từ cần tìm hoặc câu hỏi, nhiều nhất 300 ký tự", "at": "string" = "Chỉ quy định có hiệu lực vào ngày này, ví dụ 2026-11-22", "kind": "string" = "Loại văn bản, ví dụ Quyết định", "limit": "integer" = "Số kết quả, nhiều nhất 100"], "" => "200" "LawHitList";
    "GET" "/api/v1/law/ask" => "ask_law", "law", "Trả lời bằng câu nguyên văn của pháp luật, hoặc nói rõ là chưa trả lời được", "", ["q": "string" = "Câu hỏi", "at": "string" = "Ngày xét hiệu lực; mặc định là hôm nay"], "" => "200" "LawAnswer";
    "GET" "/api/v1/law/documents/{key}" => "get_law_document", "law", "Một văn bản: mục lục, các điều với hiệu lực theo ngày, dẫn chiếu; văn bản dài trả theo từng phần", "", ["at": "string" = "Ngày xét hiệu lực; mặc định là hôm nay", "from": "string" = "Điều bắt đầu, lấy từ next của phần trước"], "" => "200" "LawDocument";
    "GET" "/api/v1/law/documents/{key}/provisions/{*path}" => "get_law_provision", "law", "Một điều, khoản, điểm: dieu-4/khoan-2", "", ["at": "string" = "Ngày xét hiệu lực; mặc định là hôm nay"], "" => "200" "LawDocument";
    "GET" "/api/v1/law/documents/{key}/akoma-ntoso" => "get_law_akoma_ntoso", "law", "Văn bản dạng Akoma Ntoso 3.0 (XML)", "", [], "" => "200" "xml";
    "POST" "/api/v1/law/compare" => "compare_law", "law", "So sánh hai văn bản: phần trùng và chỗ có thể mâu thuẫn, để người xem xét", "", [], "LawPair" => "200" "LawComparison";
    "POST" "/api/v1/tokens" => "create_token", "access", "Tạo mã truy cập", "", [], "NewToken" => "201" "Token";
    "GET" "/api/v1/tokens" => "list_tokens", "access", "Các mã truy cập của tôi, không kèm bí mật", "tokens:manage", [], "" => "200" "TokenList";
    "DELETE" "/api/v1/tokens/{token}" => "end_token", "access", "Kết thúc một mã truy cập của tôi", "tokens:manage", [], "" => "204" "";
    "GET" "/api/v1/me/accesses" => "list_my_accesses", "access", "Ai đã xem dữ liệu của tôi", "dossiers:read", [], "" => "200" "AccessList";
    "GET" "/api/v1/openapi.json" => "get_openapi", "access", "Mô tả này", "", [], "" => "200" "OpenApi";
};

/// The whole document.
pub(crate) fn document(app: &App) -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let item = paths.entry(templated(operation.path)).or_insert_with(|| json!({}));
        if let Value::Object(item) = item {
            item.insert(operation.method.to_lowercase(), describe(operation));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tư pháp số",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION.join("\n\n"),
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "servers": [{ "url": app.settings().public_address }],
        "tags": GROUPS.iter().map(|(id, name)| json!({ "name": id, "description": name })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas(app),
            "responses": {
                "Problem": {
                    "description": "Lỗi, nêu mọi điểm sai cùng lúc",
                    "content": { "application/problem+json": { "schema": reference("Problem") } },
                },
            },
        },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn describe(operation: &Operation) -> Value {
    let mut parameters: Vec<Value> = path_parameters(operation.path)
        .map(|name| {
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    for (name, kind, meaning) in operation.query {
        parameters.push(json!({
            "name": name, "in": "query", "description": meaning, "schema": { "type": kind },
        }));
    }
    if KEYED.contains(&operation.id) {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 200 },
        }));
    }
    let mut value = json!({
        "operationId": operation.id,
        "tags": [operation.group],
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {
            operation.status: answer(operation),
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if let Value::Object(fields) = &mut value {
        let security =
            if operation.scope.is_empty() { json!([]) } else { json!([{ "token": [] }]) };
        fields.insert("security".to_owned(), security);
        match operation.body {
            "" => {}
            "binary" => {
                let body =
                    json!({ "required": true, "content": { "application/octet-stream": {} } });
                fields.insert("requestBody".to_owned(), body);
            }
            name => {
                let content = json!({ "application/json": { "schema": reference(name) } });
                let body = json!({ "required": true, "content": content });
                fields.insert("requestBody".to_owned(), body);
            }
        }
    }
    value
}

fn answer(operation: &Operation) -> Value {
    match operation.answer {
        "" => json!({ "description": "Đã ghi nhận" }),
        "xml" => json!({ "description": "Tệp XML", "content": { "application/xml": {} } }),
        "pdf" => json!({ "description": "Tệp PDF", "content": { "application/pdf": {} } }),
        "OpenApi" => json!({ "description": "OpenAPI 3.1", "content": { "application/json": {} } }),
        name => json!({
            "description": operation.summary,
            "content": { "application/json": { "schema": reference(name) } },
        }),
    }
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names.map(|name| name.trim_start_matches('*'))
}

/// A path as OpenAPI writes it, which knows no parameter of several steps.
fn templated(path: &str) -> String {
    path.replace("{*", "{")
}

fn schemas(app: &App) -> Value {
    let text = || json!({ "type": "string" });
    let moment = || json!({ "type": ["string", "null"], "format": "date-time" });
    let list = |name: &str| {
        json!({
            "type": "object",
            "required": ["items"],
            "properties": {
                "items": { "type": "array", "items": reference(name) },
                "next": { "type": ["string", "null"] },
            },
        })
    };
    let mut schemas = json!({
        "Problem": {
            "type": "object",
            "required": ["title", "status", "code", "detail", "problems"],
            "properties": {
                "type": text(), "title": text(), "status": { "type": "integer" }, "code": text(),
                "detail": text(),
                "problems": { "type": "array", "items": {
                    "type": "object",
                    "properties": { "code": text(), "path": text(), "message": text(), "severity": text() },
                } },
            },
        },
        "ProcedureSummary": {
            "type": "object",
            "required": ["code", "slug", "name"],
            "properties": {
                "code": text(), "slug": text(), "name": text(), "name_en": text(), "field": text(),
                "summary": text(), "time_limit": text(), "valid_from": { "type": "string", "format": "date" },
                "href": text(),
            },
        },
        "ProcedureList": list("ProcedureSummary"),
        "Procedure": { "allOf": [reference("ProcedureSummary"), { "type": "object", "properties": { "answers_schema": { "type": "object" } } }] },
        "Done": {
            "type": "object",
            "required": ["code", "revision"],
            "properties": { "code": text(), "revision": { "type": "integer" }, "repeated": { "type": "boolean" }, "href": text() },
        },
        "Checked": {
            "type": "object",
            "properties": {
                "acceptable": { "type": "boolean" }, "answers": { "type": "object" },
                "visible": { "type": "array", "items": text() },
                "problems": { "type": "array", "items": { "type": "object" } },
            },
        },
        "DossierSummary": {
            "type": "object",
            "required": ["code", "state", "step", "revision"],
            "properties": {
                "code": text(), "procedure": { "type": "object" }, "unit": text(), "step": text(),
                "state": text(), "owner": text(), "applicant_name": text(), "about": text(),
                "submitted_at": moment(), "due_at": moment(), "stopped": { "type": "boolean" },
                "finished_at": moment(), "revision": { "type": "integer" }, "href": text(),
            },
        },
        "DossierList": list("DossierSummary"),
        "Dossier": { "allOf": [reference("DossierSummary"), { "type": "object", "properties": {
            "answers": { "type": "object" }, "derivation": { "type": "array", "items": text() },
            "documents": { "type": "array", "items": { "type": "object" } },
        } }] },
        "Timeline": list("Event"),
        "Event": { "type": "object" },
        "Act": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "note": text(), "revision": { "type": "integer" }, "code": text(),
                "points": { "type": "array", "items": { "type": "object", "properties": { "field": text(), "text": text() } } },
                "answers": { "type": "object" }, "entry": { "type": "object" },
            },
        },
        "Rating": {
            "type": "object",
            "required": ["score"],
            "properties": { "score": { "type": "integer", "minimum": 1, "maximum": 5 }, "comment": text() },
        },
        "Tracking": { "type": "object", "properties": { "code": text(), "step": text(), "text": text(), "due_at": moment(), "finished_at": moment() } },
        "File": { "type": "object", "required": ["id"], "properties": { "id": text(), "name": text(), "mime": text(), "bytes": { "type": "integer" } } },
        "EntrySummary": { "type": "object", "properties": { "id": text(), "number": text(), "title": text(), "status": text(), "registered_on": text(), "version": { "type": "integer" } } },
        "EntryList": list("EntrySummary"),
        "Entry": { "type": "object", "properties": { "entry": { "type": "object" } } },
        "Code": { "type": "object", "required": ["code"], "properties": { "code": text() } },
        "Verification": { "type": "object", "properties": { "genuine": { "type": "boolean" }, "current": { "type": ["boolean", "null"] }, "payload": { "type": "object" } } },
        "NewToken": {
            "type": "object",
            "required": ["login", "password"],
            "properties": {
                "login": text(), "password": text(), "code": text(), "name": text(),
                "scopes": { "type": "array", "items": { "enum": app::accounts::SCOPES } },
                "days": { "type": "integer", "minimum": 1, "maximum": 365 },
            },
        },
        "Token": { "type": "object", "required": ["token"], "properties": { "token": text(), "scopes": { "type": "array", "items": text() }, "expires_at": moment() } },
        "TokenSummary": {
            "type": "object",
            "required": ["id", "name", "scopes", "created_at", "expires_at"],
            "properties": {
                "id": text(), "name": text(), "scopes": { "type": "array", "items": text() },
                "created_at": moment(), "expires_at": moment(), "used_at": moment(),
            },
        },
        "TokenList": list("TokenSummary"),
        "Access": { "type": "object", "properties": { "at": text(), "who": text(), "record": text(), "purpose": text() } },
        "AccessList": list("Access"),
    });
    if let (Value::Object(schemas), Value::Object(law)) = (&mut schemas, law_schemas()) {
        schemas.extend(law);
    }
    let mut choices = Vec::new();
    if let Value::Object(schemas) = &mut schemas {
        for procedure in &app.content().procedures {
            let name = format!("Answers-{}-{}", procedure.slug, procedure.valid_from);
            schemas
                .insert(name.clone(), dossier::form::json_schema(&procedure.form, app.content()));
            choices.push(json!({
                "type": "object",
                "title": procedure.name.vi,
                "required": ["procedure", "unit", "answers"],
                "properties": {
                    "procedure": { "enum": [procedure.code, procedure.slug] },
                    "unit": { "type": "string", "pattern": "^[0-9]{5}$" },
                    "answers": reference(&name),
                },
            }));
        }
        schemas.insert("NewDossier".to_owned(), json!({ "anyOf": choices }));
    }
    schemas
}

/// What the operations of the law take and give.
fn law_schemas() -> Value {
    let text = || json!({ "type": "string" });
    let maybe = || json!({ "type": ["string", "null"] });
    let objects = || json!({ "type": "array", "items": { "type": "object" } });
    json!({
        "LawHit": {
            "type": "object",
            "required": ["id", "label", "document", "snippet", "score"],
            "properties": {
                "id": text(), "label": text(), "title": text(), "snippet": text(),
                "score": { "type": "number" }, "state": { "type": "object" }, "document": text(),
                "document_key": text(), "href": text(),
            },
        },
        "LawHitList": {
            "type": "object",
            "required": ["items"],
            "properties": { "items": { "type": "array", "items": reference("LawHit") }, "next": maybe() },
        },
        "LawAnswer": {
            "type": "object",
            "required": ["decision", "answer"],
            "properties": {
                "decision": { "enum": ["answer", "abstain"] },
                "answer": { "type": "array", "items": {
                    "type": "object",
                    "properties": { "text": text(), "id": text(), "label": text(), "document": text() },
                } },
                "reason": maybe(),
            },
        },
        "LawDocument": {
            "type": "object",
            "required": ["document", "day", "state", "contents", "articles"],
            "properties": {
                "document": { "type": "object" }, "day": { "type": "string", "format": "date" },
                "state": { "type": "object" }, "contents": objects(), "articles": objects(),
                "next": maybe(), "place": text(), "citation": text(), "bases": objects(),
                "changes": objects(), "used_by": objects(), "others": objects(),
            },
        },
        "LawPair": {
            "type": "object",
            "additionalProperties": false,
            "required": ["a", "b"],
            "properties": { "a": text(), "b": text() },
        },
        "LawComparison": {
            "type": "object",
            "required": ["conflict", "overlap", "score", "findings"],
            "properties": {
                "conflict": { "type": "boolean" }, "overlap": { "type": "number" },
                "score": { "type": "number" }, "findings": objects(),
            },
        },
    })
}

/// The operations of a document, in groups, for the readable page.
pub(crate) fn groups(document: &Value) -> Vec<ApiGroup> {
    GROUPS
        .iter()
        .map(|(id, title)| ApiGroup {
            id: (*id).to_owned(),
            title: (*title).to_owned(),
            operations: OPERATIONS
                .iter()
                .filter(|operation| operation.group == *id)
                .map(|operation| readable(operation, document))
                .collect(),
        })
        .collect()
}

fn readable(operation: &Operation, document: &Value) -> ApiOperation {
    let path = path_parameters(operation.path).map(|name| ApiParameter {
        name: name.to_owned(),
        place: "path".to_owned(),
        kind: "string".to_owned(),
        required: true,
        text: String::new(),
    });
    let query = operation.query.iter().map(|(name, kind, meaning)| ApiParameter {
        name: (*name).to_owned(),
        place: "query".to_owned(),
        kind: (*kind).to_owned(),
        required: false,
        text: (*meaning).to_owned(),
    });
    let schema = |name: &str| {
        let found = document.pointer(&format!("/components/schemas/{name}/properties"));
        let names = found.and_then(Value::as_object);
        names.map_or_else(String::new, |names| {
            let parts: Vec<String> = names.keys().map(|key| format!("  \"{key}\": …")).collect();
            format!("{{\n{}\n}}", parts.join(",\n"))
        })
    };
    ApiOperation {
        id: operation.id.to_owned(),
        method: operation.method.to_owned(),
        path: templated(operation.path),
        summary: operation.summary.to_owned(),
        description: String::new(),
        scope: operation.scope.to_owned(),
        parameters: path.chain(query).collect(),
        request_sample: match operation.body {
            "NewDossier" => {
                "{\n  \"procedure\": \"…\",\n  \"unit\": \"…\",\n  \"answers\": { … }\n}".to_owned()
            }
            name => schema(name),
        },
        responses: vec![ApiResponse {
            status: operation.status.to_owned(),
            text: operation.summary.to_owned(),
            sample: schema(operation.answer),
        }],
    }
}

/// Routes of the API that the description does not know, and the other way round.
#[cfg(test)]
fn mismatches() -> Vec<String> {
    let in_table: Vec<(String, String)> = routes()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    let mut wrong = Vec::new();
    for (method, path) in &in_table {
        let known = OPERATIONS.iter().any(|o| o.method == method && o.path == path);
        if !known {
            wrong.push(format!("{method} {path} is not described"));
        }
    }
    for operation in OPERATIONS {
        let route = routes()
            .into_iter()
            .find(|route| route.method == operation.method && route.path == operation.path);
        match route {
            None => wrong.push(format!("{} {} is no route", operation.method, operation.path)),
            Some(route) if (route.who == Who::Token) == operation.scope.is_empty() => {
                wrong.push(format!("{} {} differs in scope", operation.method, operation.path));
            }
            Some(_) => {}
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_route_of_the_api_is_described_and_no_other() {
        assert_eq!(super::mismatches(), Vec::<String>::new());
    }
}
