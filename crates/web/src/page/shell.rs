//! What stands around every page: language, the person signed in, navigation, notices.

use askama::filters::HtmlSafe;

use super::parts::{Link, Tone};

/// The language of the interface. Content in only one language keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Tiếng Việt, the official text.
    #[default]
    Vi,
    /// English, the second language.
    En,
}

impl Lang {
    /// The value of the `lang` attribute.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// Is the page shown in English?
    pub fn is_en(self) -> bool {
        self == Lang::En
    }

    /// The text in this language.
    pub fn t<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// The attribute that says that a text stays Vietnamese on an English page, so that it is read
    /// aloud with the right voice; nothing elsewhere. Goes right behind the name of the element.
    pub fn mark(self, text: &str) -> Mark {
        Mark(if self.is_en() && is_vietnamese(text) { " lang=\"vi\"" } else { "" })
    }
}

/// Has the text letters that English has not?
fn is_vietnamese(text: &str) -> bool {
    text.chars().any(|letter| {
        letter != '×'
            && letter != '÷'
            && matches!(letter, 'À'..='ý' | 'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ'
                | 'Ơ' | 'ơ' | 'Ư' | 'ư' | 'Ạ'..='ỹ')
    })
}

/// An attribute written in this file, never taken from data.
pub struct Mark(&'static str);

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
impl HtmlSafe for Mark {}

/// Which entry of the navigation the page belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Area {
    /// None of them.
    #[default]
    Other,
    /// Portal: my dossiers and drafts.
    MyDossiers,
    /// Portal: following by code.
    Track,
    /// Portal: checking a paper.
    Verify,
    /// Portal: help.
    Help,
    /// Portal: the law.
    Law,
    /// Workbench: dossiers.
    Worklist,
    /// Workbench: registers.
    Registers,
    /// Workbench: audit.
    Audit,
    /// Workbench: drafts laid against the law.
    LawReview,
    /// Workbench: lists of documents.
    LawLists,
    /// The person's own account.
    Account,
}

/// What stands around every page.
#[derive(Clone, Default)]
pub struct Shell {
    /// Language of the interface.
    pub lang: Lang,
    /// Where the assets are, without a slash at the end: `/assets`.
    pub assets: String,
    /// Version of the assets for the address (`?v=`), such as the first digits of their hash.
    pub asset_version: String,
    /// The place in the header: "Tỉnh Đồng Tháp".
    pub place: String,
    /// The department in the header: "Sở Tư pháp".
    pub department: String,
    /// Secret of the session, sent back in the hidden field `csrf` of every form.
    pub csrf: String,
    /// Address of this page (path and query), to come back to after signing in.
    pub path: String,
    /// This page in the other language. The script changes nothing here: a plain link.
    pub lang_href: String,
    /// This page with the other text size, `…=lon` or `…=thuong`. The script switches in place and
    /// fetches this address without following it, so that the server sets the cookie.
    pub text_size_href: String,
    /// Is the text shown larger?
    pub large_text: bool,
    /// The person signed in.
    pub viewer: Option<Viewer>,
    /// Seconds until the session ends if nothing is done; the script counts down and warns.
    pub session_seconds: Option<u32>,
    /// Is this a demonstration with invented people? Said at the top of every page.
    pub demo: bool,
    /// A message about what was just done, shown once.
    pub notice: Option<Notice>,
    /// Which entry of the navigation is current.
    pub area: Area,
    /// What stands in the search box of the header.
    pub query: String,
    /// Telephone of the help desk; empty hides the line.
    pub help_phone: String,
    /// Hours of the help desk: "07 giờ 30–11 giờ 30, 13 giờ 30–17 giờ 00 các ngày làm việc".
    pub help_hours: String,
    /// Identifier of the request, said on pages about faults of ours.
    pub request_id: String,
}

impl Shell {
    /// The text in the language of the page.
    pub fn t<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        self.lang.t(vi, en)
    }

    /// See [`Lang::mark`].
    pub fn mark(&self, text: &str) -> Mark {
        self.lang.mark(text)
    }

    /// Is this the current entry of the navigation?
    pub fn is(&self, area: &str) -> bool {
        matches!(
            (self.area, area),
            (Area::MyDossiers, "mine")
                | (Area::Track, "track")
                | (Area::Verify, "verify")
                | (Area::Help, "help")
                | (Area::Law, "law")
                | (Area::Worklist, "worklist")
                | (Area::Registers, "registers")
                | (Area::Audit, "audit")
                | (Area::LawReview, "law-reviews")
                | (Area::LawLists, "law-lists")
                | (Area::Account, "account")
        )
    }
}

/// The person signed in.
#[derive(Clone, Default)]
pub struct Viewer {
    /// Full name.
    pub name: String,
    /// What an officer does, such as "Công chức tư pháp – hộ tịch"; empty for citizens.
    pub role: String,
    /// The officer's unit, such as "UBND xã Mỹ Hiệp"; empty for citizens.
    pub unit: String,
    /// Has a role, and so sees the link to the workbench.
    pub is_officer: bool,
    /// Registers that the officer may search (`/can-bo/so/{register}`).
    pub registers: Vec<Link>,
    /// Has a list of work.
    pub can_list: bool,
    /// May read the audit.
    pub can_audit: bool,
    /// May lay drafts against the law.
    pub can_review: bool,
}

/// A message about what was just done.
#[derive(Clone, Default)]
pub struct Notice {
    /// How it is coloured.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// How to take it back, where that can be done: a small form to this address.
    pub undo: Option<Link>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_on_an_english_page_is_marked_and_nothing_else() {
        let mark = |lang: Lang, text| lang.mark(text).to_string();
        assert_eq!(mark(Lang::En, "Hãy ghi họ tên."), " lang=\"vi\"");
        assert_eq!(mark(Lang::En, "Ứng Hòa"), " lang=\"vi\"");
        assert_eq!(mark(Lang::En, "Please write the name – “all” of it"), "");
        assert_eq!(mark(Lang::En, "3 × 5 ÷ 2"), "");
        assert_eq!(mark(Lang::Vi, "Hãy ghi họ tên."), "");
    }
}
