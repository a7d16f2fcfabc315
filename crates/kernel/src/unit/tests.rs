use proptest::prelude::*;

use super::*;

fn code(text: &str) -> UnitCode {
    text.parse().unwrap()
}

fn province(text: &str, name: &str) -> Province {
    Province { code: code(text), name: name.to_owned() }
}

fn commune(of: &str, text: &str, name: &str) -> Commune {
    Commune { code: code(text), province: code(of), name: name.to_owned() }
}

fn former(place: (&str, &str, &str), commune: &str, partial: bool) -> FormerUnit {
    let (province, district, ward) = place;
    FormerUnit {
        province: province.to_owned(),
        district: district.to_owned(),
        ward: ward.to_owned(),
        commune: code(commune),
        partial,
    }
}

fn data() -> UnitData {
    UnitData {
        provinces: vec![
            province("82", "Tỉnh Đồng Tháp"),
            province("01", "Thành phố Hà Nội"),
            province("46", "Thành phố Huế"),
        ],
        communes: vec![
            commune("82", "28261", "Phường Mỹ Tho"),
            commune("82", "28249", "Phường Đạo Thạnh"),
            commune("82", "28273", "Phường Mỹ Phong"),
            commune("82", "29869", "Phường Cao Lãnh"),
            commune("82", "30076", "Xã Mỹ Thọ"),
            commune("82", "29954", "Phường An Bình"),
            commune("01", "00004", "Phường Ba Đình"),
            commune("01", "00005", "Xã An Bình"),
        ],
        former: vec![
            former(("Tỉnh Tiền Giang", "Thành phố Mỹ Tho", "Phường 4"), "28249", false),
            former(("Tỉnh Tiền Giang", "Thành phố Mỹ Tho", "Phường 1"), "28261", false),
            former(("Tỉnh Đồng Tháp", "Thành phố Cao Lãnh", "Phường 4"), "29869", false),
            former(("Tỉnh Tiền Giang", "Thành phố Mỹ Tho", "Xã Mỹ Phong"), "28273", true),
            former(("Tỉnh Tiền Giang", "Thành phố Mỹ Tho", "Xã Mỹ Phong"), "28261", true),
            former(("Tỉnh Tiền Giang", "Huyện Châu Thành", "Xã Mỹ Phong"), "28249", false),
        ],
    }
}

fn directory() -> UnitDirectory {
    let (directory, problems) = UnitDirectory::new(data());
    assert_eq!(problems, []);
    directory
}

fn names(communes: &[&Commune]) -> Vec<String> {
    communes.iter().map(|commune| commune.name.clone()).collect()
}

#[test]
fn a_code_has_two_or_five_digits() {
    assert_eq!(code("01").level(), UnitLevel::Province);
    assert_eq!(code("00004").level(), UnitLevel::Commune);
    for wrong in ["", "1", "001", "0001", "000004", "0x", "+1", "٠١"] {
        assert_eq!(wrong.parse::<UnitCode>(), Err(ParseUnitCodeError), "{wrong}");
        assert!(serde_json::from_str::<UnitCode>(&format!("{wrong:?}")).is_err());
    }
    assert_eq!(serde_json::to_string(&code("00004")).unwrap(), r#""00004""#);
}

#[test]
fn a_commune_is_found_by_its_code() {
    let directory = directory();
    assert_eq!(directory.commune("00004").unwrap().name, "Phường Ba Đình");
    assert_eq!(directory.commune("4"), None);
    assert_eq!(directory.name("82"), Some("Tỉnh Đồng Tháp"));
    assert_eq!(directory.full_name("28261").unwrap(), "Phường Mỹ Tho, tỉnh Đồng Tháp");
    assert_eq!(directory.full_name("99999"), None);
}

#[test]
fn the_communes_of_a_province_are_in_alphabetical_order() {
    let directory = directory();
    let of_dong_thap: Vec<&Commune> = directory.communes_of("82").iter().collect();
    assert_eq!(
        names(&of_dong_thap),
        [
            "Phường An Bình",
            "Phường Cao Lãnh",
            "Phường Đạo Thạnh",
            "Phường Mỹ Phong",
            "Phường Mỹ Tho",
            "Xã Mỹ Thọ",
        ]
    );
    assert_eq!(directory.communes_of("46"), []);
    assert_eq!(directory.communes_of("99"), []);
    let provinces: Vec<&str> =
        directory.provinces().iter().map(|province| province.code.as_str()).collect();
    assert_eq!(provinces, ["82", "01", "46"]);
}

#[test]
fn units_are_found_by_name_without_tones_and_kinds() {
    let directory = directory();
    assert_eq!(directory.find_province("TP Huế").unwrap().code, code("46"));
    assert_eq!(directory.find_province("dong thap").unwrap().code, code("82"));
    assert_eq!(directory.find_province("Tỉnh Huế"), None);
    assert_eq!(names(&directory.find_communes("82", "P. mỹ tho")), ["Phường Mỹ Tho"]);
    // Without tones and kind two units answer, and the person chooses.
    assert_eq!(names(&directory.find_communes("82", "my tho")), ["Phường Mỹ Tho", "Xã Mỹ Thọ"]);
    assert!(directory.find_communes("01", "Mỹ Tho").is_empty());
}

#[test]
fn a_former_ward_is_mapped_within_its_province_and_district() {
    let directory = directory();
    let found = directory.map_former("Tiền Giang", "TP Mỹ Tho", "P4");
    assert_eq!(found, [FormerMatch { partial: false, code: code("28249") }]);
    let found = directory.map_former("tinh dong thap", "", "phuong 04");
    assert_eq!(found, [FormerMatch { partial: false, code: code("29869") }]);
    assert!(directory.map_former("Tiền Giang", "Cao Lãnh", "Phường 4").is_empty());
    assert!(directory.map_former("", "", "").is_empty());
}

#[test]
fn a_former_ward_that_was_split_names_every_part() {
    let directory = directory();
    let found = directory.map_former("Tiền Giang", "Mỹ Tho", "Xã Mỹ Phong");
    let parts = found.iter().map(|part| (part.partial, part.code.as_str())).collect::<Vec<_>>();
    assert_eq!(parts, [(true, "28261"), (true, "28273")]);
    // Without the district the whole one of another district comes first.
    let found = directory.map_former("Tiền Giang", "", "Xã Mỹ Phong");
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], FormerMatch { partial: false, code: code("28249") });
}

#[test]
fn a_kind_that_nobody_has_is_overlooked() {
    let directory = directory();
    assert_eq!(directory.map_former("Tiền Giang", "Mỹ Tho", "Phường Mỹ Phong").len(), 2);
}

#[test]
fn search_answers_while_somebody_types() {
    let directory = directory();
    let search = |query: &str| names(&directory.search_communes(query, 10));
    assert_eq!(search("mỹ tho"), ["Phường Mỹ Tho", "Xã Mỹ Thọ"]);
    assert_eq!(search("mỹ thọ"), ["Xã Mỹ Thọ", "Phường Mỹ Tho"]);
    assert_eq!(search("my"), ["Phường Mỹ Phong", "Phường Mỹ Tho", "Xã Mỹ Thọ"]);
    assert_eq!(search("p. mỹ ph").first().unwrap(), "Phường Mỹ Phong");
    assert_eq!(search("an binh ha noi"), ["Xã An Bình"]);
    assert_eq!(search("28261"), ["Phường Mỹ Tho"]);
    assert_eq!(search("đồng tháp").len(), 0);
    assert_eq!(search("  ").len(), 0);
    assert_eq!(search("--").len(), 0);
    assert_eq!(directory.search_communes("phuong", 2).len(), 2);
}

#[test]
fn what_is_wrong_in_the_data_is_named_and_the_rest_stands() {
    let mut data = data();
    data.provinces.push(province("82", "Tỉnh Thứ Hai"));
    data.provinces.push(province("00004", "Tỉnh Dài"));
    data.communes.push(commune("82", "28261", "Phường Hai Lần"));
    data.communes.push(commune("99", "28262", "Phường Không Tỉnh"));
    data.communes.push(commune("82", "10", "Phường Mã Ngắn"));
    data.former.push(former(("Tỉnh A", "", "Xã B"), "11111", false));
    let (directory, problems) = UnitDirectory::new(data);
    let found: Vec<(&str, &str)> =
        problems.iter().map(|problem| (problem.code.as_str(), problem.path.as_str())).collect();
    assert_eq!(
        found,
        [
            ("unit.code-twice", "provinces.3.code"),
            ("unit.code-length", "provinces.4.code"),
            ("unit.code-twice", "communes.8.code"),
            ("unit.unknown-province", "communes.9.province"),
            ("unit.code-length", "communes.10.code"),
            ("unit.unknown-commune", "former.6.commune"),
        ]
    );
    assert_eq!(directory.communes().len(), 8);
    assert_eq!(directory.province("82").unwrap().name, "Tỉnh Đồng Tháp");
}

/// The real units, where the reference data lie beside the checkout.
#[test]
fn every_real_commune_is_found_by_its_own_name() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/units/units-2025.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("SKIPPED: the reference data units-2025.json are not beside this checkout");
        return;
    };
    let (directory, problems) = UnitDirectory::new(real_data(&text));
    assert_eq!(problems, []);
    assert_eq!((directory.provinces().len(), directory.communes().len()), (34, 3_321));
    for (index, commune) in directory.communes().iter().enumerate() {
        let province = commune.province.as_str();
        for spelling in [commune.name.clone(), crate::text::fold(&commune.name)] {
            let found = directory.find_communes(province, &spelling);
            assert!(found.contains(&commune), "{spelling} in {province}");
        }
        let exact = directory.find_communes(province, &commune.name);
        let twins = exact.iter().filter(|other| other.name == commune.name).count();
        assert_eq!(twins, 1, "{}", commune.name);
        // A search looks at all communes: one in twenty is tried, to keep the test quick.
        if index % 20 == 0 {
            let name = directory.full_name(commune.code.as_str()).unwrap();
            let best = directory.search_communes(&name, 3);
            assert!(best.contains(&commune), "{name}: {best:?}");
        }
    }
    assert_eq!(directory.find_province("TP. Hồ Chí Minh").unwrap().code, code("79"));
}

fn real_data(text: &str) -> UnitData {
    let text_of = |value: &serde_json::Value, key: &str| value[key].as_str().unwrap().to_owned();
    let json: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut data = UnitData::default();
    for unit in json.as_array().unwrap() {
        let of = text_of(unit, "Code");
        data.provinces.push(province(&of, &text_of(unit, "FullName")));
        for ward in unit["Wards"].as_array().unwrap() {
            data.communes.push(commune(&of, &text_of(ward, "Code"), &text_of(ward, "FullName")));
        }
    }
    data
}

proptest! {
    #[test]
    fn any_text_is_answered(one: String, two: String, three: String) {
        let directory = directory();
        let _ = directory.map_former(&one, &two, &three);
        let _ = directory.search_communes(&one, 5);
        let _ = directory.find_communes("82", &two);
        let _ = directory.find_province(&three);
        let _ = directory.full_name(&one);
    }
}
