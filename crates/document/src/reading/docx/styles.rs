//! Styles of a docx: what a paragraph or a run looks like once its styles are followed.

use std::collections::HashMap;

use crate::reading::xml::Element;

/// Styles based on one another; Word stops far earlier.
const LONGEST_CHAIN: usize = 20;

/// Looks of letters; `None` is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Looks {
    pub(super) bold: Option<bool>,
    pub(super) italic: Option<bool>,
    pub(super) capitals: Option<bool>,
    pub(super) hidden: Option<bool>,
    pub(super) font: Option<String>,
}

impl Looks {
    /// Of a `w:rPr`.
    pub(super) fn read(properties: &Element) -> Looks {
        let fonts = properties.child("rFonts");
        let font = fonts.and_then(|f| f.attribute("ascii").or_else(|| f.attribute("hAnsi")));
        Looks {
            bold: properties.switch("b"),
            italic: properties.switch("i"),
            capitals: properties.switch("caps"),
            hidden: properties.switch("vanish"),
            font: font.map(str::to_owned),
        }
    }

    /// These, and where they say nothing, the others.
    pub(super) fn or(self, other: &Looks) -> Looks {
        Looks {
            bold: self.bold.or(other.bold),
            italic: self.italic.or(other.italic),
            capitals: self.capitals.or(other.capitals),
            hidden: self.hidden.or(other.hidden),
            font: self.font.or_else(|| other.font.clone()),
        }
    }
}

/// A place in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListPlace {
    /// `w:numId`; "0" takes the number away.
    pub(super) list: Option<String>,
    /// Level from 0.
    pub(super) level: Option<usize>,
}

impl ListPlace {
    /// Of a `w:pPr`.
    pub(super) fn read(properties: &Element) -> ListPlace {
        let Some(number) = properties.child("numPr") else { return ListPlace::default() };
        let level = number.value_of("ilvl").and_then(|level| level.parse().ok());
        ListPlace { list: number.value_of("numId").map(str::to_owned), level }
    }
}

/// What a style says.
#[derive(Clone, Debug, Default)]
struct Style {
    based_on: Option<String>,
    /// Display name in small letters: "heading 1", "toc 2".
    name: String,
    looks: Looks,
    alignment: Option<String>,
    place: ListPlace,
    is_heading: Option<bool>,
}

/// What follows for a paragraph from its style.
#[derive(Clone, Debug, Default)]
pub(super) struct Resolved {
    pub(super) looks: Looks,
    pub(super) alignment: Option<String>,
    pub(super) place: ListPlace,
    /// The style that gave the list, for lists that tie levels to styles.
    pub(super) place_style: Option<String>,
    pub(super) is_heading: bool,
    /// An entry of a contents list.
    pub(super) is_contents: bool,
}

/// All styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    default_paragraph: Option<String>,
    defaults: Looks,
}

impl Styles {
    /// Of `word/styles.xml`.
    pub(super) fn read(root: &Element) -> Styles {
        let mut styles = Styles::default();
        let defaults = root.child("docDefaults").and_then(|d| d.child("rPrDefault")?.child("rPr"));
        styles.defaults = defaults.map(Looks::read).unwrap_or_default();
        for element in root.children().filter(|child| &*child.name == "style") {
            let Some(id) = element.attribute("styleId") else { continue };
            let is_paragraph = element.attribute("type").is_none_or(|kind| kind == "paragraph");
            if is_paragraph && matches!(element.attribute("default"), Some("1" | "true")) {
                styles.default_paragraph = Some(id.to_owned());
            }
            styles.by_id.insert(id.to_owned(), style(element));
        }
        styles
    }

    /// What a paragraph of this style looks like.
    pub(super) fn paragraph(&self, id: Option<&str>) -> Resolved {
        let id = id.filter(|id| self.by_id.contains_key(*id)).or(self.default_paragraph.as_deref());
        let mut resolved = Resolved::default();
        let mut is_heading = None;
        for (id, style) in self.chain(id) {
            resolved.looks = resolved.looks.or(&style.looks);
            resolved.alignment = resolved.alignment.or_else(|| style.alignment.clone());
            if resolved.place.list.is_none() && style.place.list.is_some() {
                resolved.place.list.clone_from(&style.place.list);
                resolved.place_style = Some(id.to_owned());
            }
            resolved.place.level = resolved.place.level.or(style.place.level);
            is_heading = is_heading.or(style.is_heading);
            resolved.is_contents |= style.name.starts_with("toc ");
        }
        resolved.is_heading = is_heading.unwrap_or(false);
        resolved.looks = resolved.looks.or(&self.defaults);
        resolved
    }

    /// What a style of letters adds.
    pub(super) fn letters(&self, id: Option<&str>) -> Looks {
        self.chain(id).fold(Looks::default(), |looks, (_, style)| looks.or(&style.looks))
    }

    /// The style and those that it is based on.
    fn chain<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a Style)> {
        let next = |id: &'a str| self.by_id.get(id).map(|style| (id, style));
        std::iter::successors(id.and_then(next), move |(_, style)| {
            style.based_on.as_deref().and_then(next)
        })
        .take(LONGEST_CHAIN)
    }
}

fn style(element: &Element) -> Style {
    let name = element.value_of("name").unwrap_or_default().to_lowercase();
    let paragraph = element.child("pPr");
    let level = paragraph.and_then(|p| p.value_of("outlineLvl")?.parse::<u8>().ok());
    let is_heading = if name.starts_with("heading ") || name == "title" {
        Some(true)
    } else {
        level.map(|level| level < 9)
    };
    Style {
        based_on: element.value_of("basedOn").map(str::to_owned),
        looks: element.child("rPr").map(Looks::read).unwrap_or_default(),
        alignment: paragraph.and_then(|p| p.value_of("jc")).map(str::to_owned),
        place: paragraph.map(ListPlace::read).unwrap_or_default(),
        is_heading,
        name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::xml::parse;

    #[test]
    fn looks_come_through_styles_that_are_based_on_others() {
        let root = parse(
            "<styles><docDefaults><rPrDefault><rPr><i/></rPr></rPrDefault></docDefaults>\
             <style type='paragraph' default='1' styleId='N'><pPr><jc val='both'/></pPr></style>\
             <style type='paragraph' styleId='A'><name val='heading 1'/><basedOn val='N'/>\
             <pPr><jc val='center'/></pPr><rPr><b/></rPr></style>\
             <style type='paragraph' styleId='B'><basedOn val='A'/><rPr><b val='0'/></rPr></style>\
             <style type='paragraph' styleId='L'><basedOn val='L'/></style></styles>",
        )
        .unwrap();
        let styles = Styles::read(&root);
        let a = styles.paragraph(Some("A"));
        assert_eq!((a.looks.bold, a.looks.italic), (Some(true), Some(true)));
        assert_eq!((a.alignment.as_deref(), a.is_heading), (Some("center"), true));
        let b = styles.paragraph(Some("B"));
        assert_eq!((b.looks.bold, b.is_heading), (Some(false), true));
        assert_eq!(styles.paragraph(None).alignment.as_deref(), Some("both"));
        assert_eq!(styles.paragraph(Some("L")).looks.bold, None);
    }
}
