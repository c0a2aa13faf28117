//! Compiles the interface; pictures are embedded as the files they are.

use slint_build::{CompilerConfiguration, EmbedResourcesKind};

fn main() {
    let configuration = CompilerConfiguration::new()
        .embed_resources(EmbedResourcesKind::EmbedFiles)
        .with_debug_info(std::env::var_os("CARGO_FEATURE_TESTING").is_some());
    slint_build::compile_with_config("app.slint", configuration).expect("the interface compiles");
}
