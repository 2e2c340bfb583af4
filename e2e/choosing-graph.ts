/** A picture that is resized in a way to be chosen, and beside it a 3D model that is loaded and saved as it is. */
export const choosingGraph = {
  empty: { class_type: "EmptyImage", inputs: { width: 64, height: 64, batch_size: 1, color: 0 } },
  resize: {
    class_type: "ResizeImageMaskNode",
    inputs: {
      ...{ input: ["empty", 0], scale_method: "area", resize_type: "scale dimensions" },
      ...{ "resize_type.width": 96, "resize_type.height": 48, "resize_type.crop": "center" },
    },
  },
  save: { class_type: "SaveImage", inputs: { images: ["resize", 0], filename_prefix: "x" } },
  load: { class_type: "Load3D", inputs: { model_file: "of-another.glb", image: {}, width: 1024, height: 1024 } },
  keep: { class_type: "SaveGLB", inputs: { mesh: ["load", 6], filename_prefix: "x" } },
};
