//! Takes the browser app into the relay: every file of `client/web/dist/app` with its compressed form.
//!
//! Without the app (`cargo xtask web` builds it) the list is empty, and the relay's page says so.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder =
        Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("Cargo sets it")).join("../client/web/dist");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build.rs");
    let app = folder.join("app");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let copies = out.join("app");
    // Copies: the app may be built anew while the relay is compiled.
    let _ = fs::remove_dir_all(&copies);
    fs::create_dir_all(&copies).expect("Cargo's folder takes files");
    let include = |bytes: &[u8]| {
        let copy = copies.join(tag(bytes));
        fs::write(&copy, bytes).expect("Cargo's folder takes files");
        format!("include_bytes!({:?})", copy.display().to_string())
    };
    let mut code = String::from("/// The files of the browser app.\npub const FILES: &[File] = &[\n");
    for file in files(&app) {
        let name = file.strip_prefix(&app).expect("found below it").to_string_lossy().replace('\\', "/");
        let hidden = name.split('/').any(|part| part.starts_with('.'));
        if hidden || name.ends_with(".br") {
            continue;
        }
        let bytes = fs::read(&file).expect("a file that was listed");
        let packed = format!("{}.br", file.display());
        let packed =
            fs::read(packed).map_or("None".to_owned(), |packed| format!("Some({})", include(&packed)));
        writeln!(
            code,
            "File {{ path: \"/{name}\", kind: {:?}, tag: \"\\\"{}\\\"\", bytes: {}, packed: {packed} }},",
            kind(&name),
            tag(&bytes),
            include(&bytes),
        )
        .expect("writing to a string");
    }
    code.push_str("];\n");
    fs::write(out.join("app.rs"), code).expect("Cargo's folder takes files");
}

/// What is the same for the same bytes.
fn tag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut found: Vec<PathBuf> =
        paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

/// What a browser is told a file is.
fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
