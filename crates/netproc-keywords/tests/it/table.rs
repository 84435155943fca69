//! Properties of the table itself, and of what is made from it.

use std::collections::HashSet;

use netproc_address::OptionName;
use netproc_keywords::{
    Category, Shape, Subfeature, complete, features, has_feature, json, lookup, markdown, table,
};
use netproc_lisp::{Value, read};

#[test]
fn names_are_unique_lower_case_ascii_keywords() {
    let mut seen = HashSet::new();
    for entry in table() {
        let name = entry.keyword.strip_prefix(':').expect(entry.keyword);
        assert!(
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{name}"
        );
        assert!(seen.insert(name), "{name} stands twice");
    }
}

#[test]
fn every_name_is_found() {
    for entry in table() {
        assert_eq!(
            lookup(entry.keyword).map(|found| found.keyword),
            Some(entry.keyword)
        );
    }
}

#[test]
fn the_keywords_are_those_of_emacs_and_nodelay() {
    let names: HashSet<&str> = table().iter().map(|entry| entry.keyword).collect();
    let expected = [
        ":name",
        ":type",
        ":server",
        ":host",
        ":service",
        ":family",
        ":use-external-socket",
        ":local",
        ":remote",
        ":nowait",
        ":tls-parameters",
        ":stop",
        ":buffer",
        ":coding",
        ":noquery",
        ":filter",
        ":filter-multibyte",
        ":sentinel",
        ":log",
        ":plist",
        ":bindtodevice",
        ":broadcast",
        ":dontroute",
        ":keepalive",
        ":linger",
        ":oobinline",
        ":priority",
        ":reuseaddr",
        ":nodelay",
    ];
    assert_eq!(names, HashSet::from(expected));
}

#[test]
fn categories_stand_together_in_their_order() {
    let order: Vec<Category> = table().iter().map(|entry| entry.category).collect();
    assert!(order.is_sorted());
    assert!(
        Category::ALL
            .iter()
            .all(|category| order.contains(category))
    );
}

#[test]
fn docs_are_sentences_that_end_with_the_default() {
    for entry in table() {
        let ending = format!(" Default: {}.", entry.default);
        assert!(entry.doc.ends_with(&ending), "{}", entry.keyword);
        assert!(!entry.doc.contains("  "), "{}", entry.keyword);
        assert!(!entry.doc.contains('\n'), "{}", entry.keyword);
        assert!(!entry.summary.ends_with('.'), "{}", entry.keyword);
        assert!(entry.summary.len() <= 60, "{}", entry.keyword);
        assert!(
            entry
                .summary
                .starts_with(|letter: char| letter.is_ascii_uppercase())
        );
    }
}

#[test]
fn every_entry_takes_something_and_nothing_follows_anything() {
    for entry in table() {
        let (last, others) = entry.shapes.split_last().expect(entry.keyword);
        assert!(!others.contains(&Shape::Anything), "{}", entry.keyword);
        assert!(!others.contains(last), "{}", entry.keyword);
    }
}

#[test]
fn switches_are_completed_by_t_and_nil_alone() {
    for entry in table().iter().filter(|entry| entry.is_switch()) {
        assert_eq!(entry.candidates(), ["t", "nil"], "{}", entry.keyword);
    }
}

#[test]
fn candidates_are_values_that_the_entry_takes() {
    for entry in table() {
        for candidate in entry.candidates() {
            let value = read(&candidate).unwrap();
            assert!(entry.check(&value).is_ok(), "{} {candidate}", entry.keyword);
        }
    }
}

#[test]
fn the_options_of_the_table_are_the_options_of_sockets() {
    let options: HashSet<&str> = table()
        .iter()
        .filter(|entry| entry.is_option())
        .map(|entry| entry.keyword)
        .collect();
    assert_eq!(
        options,
        OptionName::ALL
            .iter()
            .map(|option| option.keyword())
            .collect()
    );
    for entry in table().iter().filter(|entry| entry.is_option()) {
        assert_eq!(entry.subfeatures, [Subfeature::Keyword]);
    }
}

#[test]
fn the_subfeatures_of_emacs_are_there() {
    let emacs = read(
        "(:reuseaddr :priority :oobinline :linger :keepalive :dontroute :broadcast :bindtodevice \
         (:server t) (:service t) (:family ipv6) (:family ipv4) (:family local) \
         (:type seqpacket) (:type datagram) (:nowait t))",
    )
    .unwrap();
    let emacs: Vec<&Value> = emacs.list_iter().unwrap().collect();
    for feature in &emacs {
        assert!(has_feature(feature), "{feature}");
    }
    let ours: Vec<Value> = features()
        .filter(|feature| !emacs.contains(&feature))
        .collect();
    assert_eq!(ours, [Value::keyword(":nodelay")]);
}

#[test]
fn other_subfeatures_are_not_there() {
    for text in [
        "(:type stream)",
        "(:server 5)",
        "(:tls-parameters t)",
        ":coding",
        ":foo",
    ] {
        assert!(!has_feature(&read(text).unwrap()), "{text}");
    }
}

#[test]
fn completion_goes_by_prefix() {
    let names = |prefix| {
        complete(prefix)
            .map(|entry| entry.keyword)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(":filter"), [":filter", ":filter-multibyte"]);
    assert_eq!(names("").len(), table().len());
    assert!(names("filter").is_empty());
    assert_eq!(
        lookup(":type").unwrap().candidates(),
        ["nil", "datagram", "seqpacket"]
    );
}

#[test]
fn the_page_has_every_keyword_once_in_full() {
    let page = markdown();
    for entry in table() {
        assert_eq!(
            page.matches(&format!("### `{}`\n", entry.keyword)).count(),
            1
        );
        assert!(page.contains(entry.doc));
    }
    assert!(
        page.lines()
            .all(|line| !line.starts_with('|') || line.matches('|').count() == 4)
    );
}

#[test]
fn the_json_reads_back_as_the_table() {
    let parsed: serde_json::Value = serde_json::from_str(&json()).unwrap();
    let objects = parsed.as_array().unwrap();
    assert_eq!(objects.len(), table().len());
    for (object, entry) in objects.iter().zip(table()) {
        assert_eq!(object["keyword"], entry.keyword);
        assert_eq!(object["summary"], entry.summary);
        assert_eq!(object["doc"], entry.doc);
        assert_eq!(object["default"], entry.default);
        assert_eq!(object["category"], entry.category.name());
        assert_eq!(
            object["shapes"].as_array().unwrap().len(),
            entry.shapes.len()
        );
        assert_eq!(object["option"], entry.is_option());
    }
}
