//! Compiles the interface; pictures are embedded as the files they are.

use slint_build::{CompilerConfiguration, EmbedResourcesKind};

fn main() {
    let configuration = CompilerConfiguration::new().embed_resources(EmbedResourcesKind::EmbedFiles);
    slint_build::compile_with_config("dock.slint", configuration).expect("the interface compiles");
}
