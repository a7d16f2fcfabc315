use proptest::prelude::*;

use super::*;
use crate::outline;

const OLD: &str = "\
Điều 1. Phạm vi
Luật này quy định về bến đò ngang sông và trách nhiệm của chủ bến.
Điều 2. Giá vé
1. Giá vé do chủ bến quyết định và niêm yết tại bến trước khi thu.
2. Trẻ em dưới 6 tuổi được miễn vé qua đò.
Điều 3. Áo phao
Mỗi hành khách phải mặc áo phao trong suốt thời gian đò chạy trên sông.
Điều 4. Hiệu lực
Luật này có hiệu lực từ ngày 01 tháng 01 năm 2031.
";

fn changes(old: &str, new: &str) -> Vec<(Change, Option<String>, Option<String>)> {
    compare(&outline::of_text(old), &outline::of_text(new))
        .articles
        .into_iter()
        .map(|article| (article.change, article.old, article.new))
        .collect()
}

fn real(old: &str, new: &str) -> Vec<(Change, Option<String>, Option<String>)> {
    changes(old, new).into_iter().filter(|(change, ..)| *change != Change::Unchanged).collect()
}

#[test]
fn a_changed_word_is_shown_where_it_stands() {
    let new = OLD.replace("dưới 6 tuổi", "dưới 10 tuổi");
    let difference = compare(&outline::of_text(OLD), &outline::of_text(&new));
    assert_eq!((difference.changed, difference.unchanged), (1, 3));
    let article = &difference.articles[1];
    assert_eq!(article.new.as_deref(), Some("dieu-2"));
    let changed: Vec<(PieceKind, &str)> = article
        .pieces
        .iter()
        .filter(|piece| piece.kind != PieceKind::Same)
        .map(|piece| (piece.kind, piece.text.as_str()))
        .collect();
    assert_eq!(changed, [(PieceKind::Deleted, "6"), (PieceKind::Inserted, "10")]);
}

#[test]
fn what_is_not_law_is_no_difference() {
    let typed = OLD
        .replace("Điều 2. Giá vé", "Điều 2.[3]  Giá  vé")
        .replace("miễn vé qua đò", "miễn vé[12] qua đo\u{300}");
    assert_eq!(real(OLD, &typed), []);
    let quoted = OLD.replace("bến đò ngang", "“bến” toà đò – ngang");
    let other = OLD.replace("bến đò ngang", "\"bến\" tòa đò - ngang");
    assert_eq!(real(&quoted, &other), []);
}

#[test]
fn an_added_article_and_a_removed_one_are_told() {
    let added = OLD.replace("Điều 4.", "Điều 3a. Sổ khách\nChủ bến ghi tên khách vào sổ.\nĐiều 4.");
    assert_eq!(real(OLD, &added), [(Change::Added, None, Some("dieu-3a".into()))]);
    assert_eq!(real(&added, OLD), [(Change::Removed, Some("dieu-3a".into()), None)]);
}

#[test]
fn a_renumbered_article_is_still_the_same() {
    let moved = OLD
        .replace("Điều 4.", "Điều 5.")
        .replace("Điều 3.", "Điều 4.")
        .replace("Điều 3.", "Điều 4.")
        .replace(
            "Điều 4. Áo",
            "Điều 3. Người lái\nNgười lái đò phải có chứng chỉ do cơ quan quản lý cấp.\nĐiều 4. Áo",
        );
    let found = changes(OLD, &moved);
    assert!(
        found.contains(&(Change::Unchanged, Some("dieu-3".into()), Some("dieu-4".into()))),
        "{found:?}"
    );
    assert!(found.contains(&(Change::Unchanged, Some("dieu-4".into()), Some("dieu-5".into()))));
    assert!(found.contains(&(Change::Added, None, Some("dieu-3".into()))));
}

#[test]
fn long_texts_with_nothing_in_common_are_told_as_replaced() {
    let old: String = (0..30_000).map(|i| format!("cũ{} ", i * 7 % 9_001)).collect();
    let new: String = (0..30_000).map(|i| format!("mới{} ", i * 7 % 9_001)).collect();
    let kinds: Vec<PieceKind> = pieces(&old, &new).iter().map(|piece| piece.kind).collect();
    assert_eq!(kinds, [PieceKind::Deleted, PieceKind::Inserted]);
}

fn side(pieces: &[Piece], without: PieceKind) -> Vec<String> {
    pieces
        .iter()
        .filter(|piece| piece.kind != without)
        .flat_map(|piece| piece.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

proptest! {
    #[test]
    fn the_pieces_give_back_both_texts(
        old in prop::collection::vec("[a-e]", 0..60), new in prop::collection::vec("[a-e]", 0..60),
    ) {
        let found = pieces(&old.join(" "), &new.join(" "));
        prop_assert_eq!(side(&found, PieceKind::Inserted), old);
        prop_assert_eq!(side(&found, PieceKind::Deleted), new);
        for pair in found.windows(2) {
            prop_assert!(pair[0].kind != pair[1].kind);
        }
    }

    #[test]
    fn any_two_texts_are_compared_without_a_fault(old: String, new: String) {
        let _ = pieces(&old, &new);
        let _ = compare(&outline::of_text(&old), &outline::of_text(&new));
    }

    #[test]
    fn a_text_does_not_differ_from_itself(text: String) {
        prop_assert!(pieces(&text, &text).iter().all(|piece| piece.kind == PieceKind::Same));
        let document = outline::of_text(&text);
        let found = compare(&document, &document);
        prop_assert_eq!((found.added, found.removed, found.changed), (0, 0, 0));
    }

    #[test]
    fn the_way_is_as_short_as_the_longest_common_run_allows(
        old in prop::collection::vec("[a-c]", 0..25), new in prop::collection::vec("[a-c]", 0..25),
    ) {
        let found = pieces(&old.join(" "), &new.join(" "));
        let same: usize = found
            .iter()
            .filter(|piece| piece.kind == PieceKind::Same)
            .map(|piece| piece.text.split_whitespace().count())
            .sum();
        prop_assert_eq!(same, longest_common(&old, &new));
    }
}

fn longest_common(old: &[String], new: &[String]) -> usize {
    let mut row = vec![0; new.len() + 1];
    for a in old {
        let mut diagonal = 0;
        for (index, b) in new.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = if a == b { diagonal + 1 } else { above.max(row[index]) };
            diagonal = above;
        }
    }
    row[new.len()]
}
