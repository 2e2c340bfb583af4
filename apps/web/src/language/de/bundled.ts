import type { Catalogue } from "../spoken.ts";

/** What the workflows that come with Darkroom say of themselves and their inputs; some of it other rooms say too. */
export const bundled = {
  "Text to image": "Text zu Bild",
  "Describe a picture and watch it develop.": "Beschreibe ein Bild und sieh zu, wie es entsteht.",
  "Qwen-Image": "Qwen-Image",
  "A newer model that follows long prompts closely and writes legible text.":
    "Ein neueres Modell, das langen Prompts genau folgt und lesbar schreibt.",
  "Image to image": "Bild zu Bild",
  "Start from a picture of yours and let the prompt change it.":
    "Geh von einem eigenen Bild aus und lass den Prompt es verändern.",
  Inpaint: "Ausbessern",
  "Repaint a part of a picture: white in the mask is painted anew, black stays.":
    "Einen Teil eines Bildes neu malen: Weiß in der Maske wird neu, Schwarz bleibt.",
  Upscale: "Vergrößern",
  "Enlarge a picture with a Lanczos filter.": "Ein Bild mit einem Lanczos-Filter vergrößern.",
  "Upscale with a model": "Mit Modell vergrößern",
  "Enlarge a picture with a model that draws the missing detail.":
    "Ein Bild mit einem Modell vergrößern, das die fehlenden Einzelheiten zeichnet.",
  "Text to video": "Text zu Video",
  "Describe a scene and get some seconds of it, with Wan 2.1.":
    "Beschreibe eine Szene und bekomm einige Sekunden davon, mit Wan 2.1.",
  "Test card": "Testbild",
  "Colour bars from core nodes: shows that a server works, without any model.":
    "Farbbalken aus Kernknoten: zeigt, dass ein Server arbeitet, ohne jedes Modell.",
  Width: "Breite",
  Height: "Höhe",
  Strength: "Stärke",
  Scale: "Faktor",
  Frames: "Einzelbilder",
  "What the picture shows, in your own words.": "Was das Bild zeigt, in deinen eigenen Worten.",
  "What happens in the scene, in your own words.": "Was in der Szene geschieht, in deinen eigenen Worten.",
  "What to keep out of the picture.": "Was nicht ins Bild soll.",
  "More steps take longer and settle finer detail.": "Mehr Schritte dauern länger und arbeiten Feineres aus.",
  "The same seed and inputs give the same picture.": "Gleicher Seed und gleiche Eingaben geben das gleiche Bild.",
  "How far the result may leave the image: 0 keeps it, 1 starts afresh.":
    "Wie weit das Ergebnis vom Bild abgehen darf: 0 behält es, 1 fängt neu an.",
  "The same size as the image.": "So groß wie das Bild.",
  "How many times larger each side becomes.": "Um wie viel jede Seite länger wird.",
  "How many times larger the picture becomes depends on the model.":
    "Um wie viel das Bild größer wird, hängt vom Modell ab.",
  "There are 16 in a second: 33 are two seconds.": "16 sind eine Sekunde: 33 sind zwei Sekunden.",
  // The nodes of their graphs.
  "Load model": "Modell laden",
  "Load text encoder": "Text-Encoder laden",
  "Load VAE": "VAE laden",
  Shift: "Verschiebung",
  "Blank frame": "Leeres Bild",
  "Blank film": "Leerer Film",
  Encode: "Kodieren",
  Decode: "Dekodieren",
  Film: "Film",
  Enlarge: "Vergrößern",
  "Mask the frame": "Bild maskieren",
  "Lay over the original": "Über das Original legen",
} satisfies Catalogue;
