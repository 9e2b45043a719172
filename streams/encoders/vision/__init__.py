"""Vision: change gate, tracked things, classes, scene, light, lens, faces, signs."""
