//! Imports go one way: no modules of the client import each other in a circle, neither the rooms
//! (top-level modules) nor the files.
//!
//! The test reads the source as text, as rustfmt writes it. What `#[cfg(test)]` marks is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module by its path, such as `tasks/operation`. The crate's root is empty.
type Name = String;

type Graph = BTreeMap<Name, BTreeSet<Name>>;

/// The modules of the crate, each with its code.
struct Modules(BTreeMap<Name, Code>);

struct Code {
    /// Every path that is imported.
    imports: Vec<Import>,
    /// All lines but the imports.
    rest: String,
}

struct Import {
    path: String,
    is_public: bool,
}

#[test]
fn no_rooms_and_no_files_import_each_other_in_a_circle() {
    let mut code = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect(&folder, "", &mut code);
    let modules = Modules(code);
    assert!(modules.0.contains_key("tasks/operation"));

    let files = modules.graph();
    assert!(files["listing/pages"].contains("call"), "{files:#?}");
    assert!(files["tasks/model/target"].contains("tasks/model/maybe"));
    let mut rooms = Graph::new();
    for (from, to) in &files {
        let to = to.iter().map(|to| room(to)).filter(|to| *to != room(from));
        let imported = rooms.entry(room(from).to_owned()).or_default();
        imported.extend(to.map(str::to_owned));
    }
    for graph in [&rooms, &files] {
        if let Some(circle) = circle(graph) {
            panic!("imports go in a circle: {}", circle.join(" -> "));
        }
    }
}

#[test]
fn a_circle_is_found_and_named() {
    let graph = |edges: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in edges {
            let imported = graph.entry((*from).to_owned()).or_default();
            imported.insert((*to).to_owned());
        }
        graph
    };
    let found = circle(&graph(&[("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")]));
    assert_eq!(found.unwrap(), ["b", "c", "d", "b"]);
    assert_eq!(circle(&graph(&[("a", "b"), ("a", "c"), ("b", "c")])), None);
}

#[test]
fn imports_are_read_from_code() {
    let code = Code::read(
        "//! use crate::comment;\nuse crate::{\n    a::{self, B as C},\n    d,\n};\n\
         pub(crate) use e::F;\nfn g() -> crate::h::I {}\n#[cfg(test)]\nmod tests {\n    use crate::j;\n}\n",
    );
    let imports = code.imports.iter().map(|import| import.path.as_str());
    assert_eq!(
        imports.collect::<Vec<_>>(),
        ["crate::a", "crate::a::B", "crate::d", "e::F"]
    );
    assert_eq!(code.rest, "fn g() -> crate::h::I {}\n");
    assert_eq!(inline_paths(&code.rest, "crate"), ["crate::h::I"]);
}

impl Code {
    fn read(text: &str) -> Self {
        let mut imports = Vec::new();
        let mut rest = String::new();
        let mut lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        while let Some(line) = lines.next() {
            if line == "#[cfg(test)]" {
                let mut item = lines.by_ref().skip_while(|line| line.starts_with('#'));
                if item.next().is_some_and(|line| line.ends_with('{')) {
                    lines.by_ref().find(|line| *line == "}");
                }
                continue;
            }
            let (is_public, line) = match line.split_once("use ") {
                Some(("", path)) => (false, path),
                Some(("pub " | "pub(crate) " | "pub(super) ", path)) => (true, path),
                _ => {
                    rest.push_str(line);
                    rest.push('\n');
                    continue;
                }
            };
            let mut tree = line.to_owned();
            while !tree.ends_with(';') {
                tree.push_str(lines.next().unwrap().trim());
            }
            let mut paths = Vec::new();
            expand("", tree.trim_end_matches(';'), &mut paths);
            imports.extend(paths.into_iter().map(|path| Import { path, is_public }));
        }
        Self { imports, rest }
    }
}

impl Modules {
    /// Which files each file imports.
    fn graph(&self) -> Graph {
        let mut graph = Graph::new();
        // The root makes the modules' names public, and uses none of them.
        for (name, code) in self.0.iter().filter(|(name, _)| !name.is_empty()) {
            let mut paths = Vec::new();
            for import in &code.imports {
                let item = import.path.rsplit("::").next().unwrap();
                if !import.is_public || contains_word(&code.rest, item) {
                    paths.push(import.path.clone());
                }
            }
            paths.extend(inline_paths(&code.rest, "crate"));
            paths.extend(inline_paths(&code.rest, "super"));
            for child in self.children(name) {
                paths.extend(inline_paths(&code.rest, child));
            }
            let mut imported: BTreeSet<Name> = paths
                .iter()
                .filter_map(|path| self.resolve(name, path))
                .collect();
            imported.remove(name);
            imported.remove("");
            graph.insert(name.clone(), imported);
        }
        graph
    }

    fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let prefix = if name.is_empty() {
            String::new()
        } else {
            format!("{name}/")
        };
        let below = self
            .0
            .keys()
            .filter_map(move |other| other.strip_prefix(prefix.as_str()));
        below.filter(|child| !child.is_empty() && !child.contains('/'))
    }

    /// The module that has what a path names, as seen from a module. `None` for other crates.
    fn resolve(&self, from: &str, path: &str) -> Option<Name> {
        let mut at = from.to_owned();
        for (index, segment) in path.split("::").enumerate() {
            match segment {
                "crate" => at.clear(),
                "self" => {}
                "super" => at = parent(&at).to_owned(),
                _ => {
                    let child = join(&at, segment);
                    if self.0.contains_key(&child) {
                        at = child;
                    } else if index == 0 {
                        return None;
                    } else {
                        // Perhaps the module only passes a name of another one on.
                        let public = |import: &&Import| {
                            import.is_public && import.path.ends_with(&format!("::{segment}"))
                        };
                        let passed_on = self.0[&at].imports.iter().find(public);
                        let origin = passed_on.and_then(|import| self.resolve(&at, &import.path));
                        return Some(origin.unwrap_or(at));
                    }
                }
            }
        }
        Some(at)
    }
}

/// Reads the modules in a folder and the folders below. Files of tests are left out.
fn collect(folder: &Path, name: &str, code: &mut BTreeMap<Name, Code>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        if path.is_dir() {
            collect(&path, &join(name, stem), code);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !stem.ends_with("tests")
        {
            let text = fs::read_to_string(&path).unwrap();
            let name = if stem == "lib" {
                String::new()
            } else {
                join(name, stem)
            };
            code.insert(name, Code::read(&text));
        }
    }
}

/// The paths of an import: `a::{b, c::{self, D as E}}` is `a::b`, `a::c` and `a::c::D`.
fn expand(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    let mut depth = 0;
    let branches = tree.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    for branch in branches.map(str::trim).filter(|branch| !branch.is_empty()) {
        if let Some((path, inner)) = branch.split_once('{') {
            expand(
                &format!("{prefix}{path}"),
                inner.strip_suffix('}').unwrap(),
                paths,
            );
        } else if branch == "self" {
            paths.push(prefix.trim_end_matches("::").to_owned());
        } else {
            paths.push(format!("{prefix}{}", branch.split(" as ").next().unwrap()));
        }
    }
}

/// The paths in code that begin with a name.
fn inline_paths(code: &str, first: &str) -> Vec<String> {
    code.match_indices(&format!("{first}::"))
        .map(|(at, _)| at)
        .filter(|at| !code[..*at].ends_with(|c: char| is_of_a_word(c) || c == ':'))
        .map(|at| {
            let path = code[at..]
                .split(|c: char| !is_of_a_word(c) && c != ':')
                .next();
            path.unwrap().trim_end_matches(':').to_owned()
        })
        .collect()
}

fn contains_word(code: &str, word: &str) -> bool {
    code.split(|c| !is_of_a_word(c)).any(|found| found == word)
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn join(name: &str, child: &str) -> Name {
    if name.is_empty() {
        child.to_owned()
    } else {
        format!("{name}/{child}")
    }
}

fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn room(name: &str) -> &str {
    name.split('/').next().unwrap()
}

/// A circle, its first module again at its end.
fn circle(graph: &Graph) -> Option<Vec<Name>> {
    fn visit(graph: &Graph, at: &Name, way: &mut Vec<Name>, done: &mut BTreeSet<Name>) -> bool {
        if let Some(start) = way.iter().position(|name| name == at) {
            way.drain(..start);
            way.push(at.clone());
            return true;
        }
        if done.contains(at) {
            return false;
        }
        way.push(at.clone());
        for next in graph.get(at).into_iter().flatten() {
            if visit(graph, next, way, done) {
                return true;
            }
        }
        way.pop();
        done.insert(at.clone());
        false
    }
    let (mut way, mut done) = (Vec::new(), BTreeSet::new());
    let found = graph
        .keys()
        .any(|start| visit(graph, start, &mut way, &mut done));
    found.then_some(way)
}
