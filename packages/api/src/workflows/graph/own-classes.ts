/**
 * ComfyUI's own classes, as they were in 0.33.0 (22 August 2026), in the words of its documentation and of 0.3.64. Each stands under what it
 * does beyond computing, and under the first of the two versions that has it.
 */
interface OwnClasses {
  readonly "0.3.64": string;
  readonly "0.33.0": string;
}

/** They read the models and the inputs that they are given, and write what the graph's outputs are. */
const computing: OwnClasses = {
  "0.3.64": `
AddNoise, AlignYourStepsScheduler, APG, AudioAdjustVolume, AudioConcat, AudioEncoderEncode, AudioEncoderLoader, AudioMerge,
BasicGuider, BasicScheduler, BetaSamplingScheduler, Canny, CaseConverter, CFGGuider, CFGNorm, CFGZeroStar, CheckpointLoader,
CheckpointLoaderSimple, ChromaRadianceOptions, CLIPAttentionMultiply, CLIPLoader, CLIPMergeAdd, CLIPMergeSimple, CLIPMergeSubtract,
CLIPSetLastLayer, CLIPTextEncode, CLIPTextEncodeControlnet, CLIPTextEncodeFlux, CLIPTextEncodeHiDream, CLIPTextEncodeHunyuanDiT,
CLIPTextEncodeLumina2, CLIPTextEncodePixArtAlpha, CLIPTextEncodeSD3, CLIPTextEncodeSDXL, CLIPTextEncodeSDXLRefiner,
CLIPVisionEncode, CLIPVisionLoader, CombineHooks2, CombineHooks4, CombineHooks8, ConditioningAverage, ConditioningCombine,
ConditioningConcat, ConditioningSetArea, ConditioningSetAreaPercentage, ConditioningSetAreaPercentageVideo,
ConditioningSetAreaStrength, ConditioningSetDefaultCombine, ConditioningSetMask, ConditioningSetProperties,
ConditioningSetPropertiesAndCombine, ConditioningSetTimestepRange, ConditioningStableAudio, ConditioningTimestepsRange,
ConditioningZeroOut, ContextWindowsManual, ControlNetApply, ControlNetApplyAdvanced, ControlNetApplySD3,
ControlNetInpaintingAliMamaApply, ControlNetLoader, CosmosImageToVideoLatent, CosmosPredict2ImageToVideoLatent, CreateHookKeyframe,
CreateHookKeyframesFromFloats, CreateHookKeyframesInterpolated, CreateHookLora, CreateHookLoraModelOnly, CreateHookModelAsLora,
CreateHookModelAsLoraModelOnly, CreateVideo, CropMask, DiffControlNetLoader, DifferentialDiffusion, DiffusersLoader, DisableNoise,
DualCFGGuider, DualCLIPLoader, EasyCache, EmptyAceStepLatentAudio, EmptyAudio, EmptyChromaRadianceLatentImage,
EmptyCosmosLatentVideo, EmptyHunyuanImageLatent, EmptyHunyuanLatentVideo, EmptyImage, EmptyLatentAudio, EmptyLatentHunyuan3Dv2,
EmptyLatentImage, EmptyLTXVLatentVideo, EmptyMochiLatentVideo, EmptySD3LatentImage, Epsilon Scaling, ExponentialScheduler,
ExtendIntermediateSigmas, FeatherMask, FlipSigmas, FluxDisableGuidance, FluxGuidance, FluxKontextImageScale,
FluxKontextMultiReferenceLatentMethod, FreeU, FreeU_V2, FreSca, GetImageSize, GetVideoComponents, GITSScheduler, GLIGENLoader,
GLIGENTextBoxApply, GrowMask, Hunyuan3Dv2Conditioning, Hunyuan3Dv2ConditioningMultiView, HunyuanImageToVideo, HunyuanRefinerLatent,
HypernetworkLoader, HyperTile, ImageAddNoise, ImageBatch, ImageBlend, ImageBlur, ImageColorToMask, ImageCompositeMasked, ImageCrop,
ImageFlip, ImageFromBatch, ImageInvert, ImageOnlyCheckpointLoader, ImagePadForOutpaint, ImageQuantize, ImageRGBToYUV, ImageRotate,
ImageScale, ImageScaleBy, ImageScaleToMaxDimension, ImageScaleToTotalPixels, ImageSharpen, ImageStitch, ImageToMask,
ImageUpscaleWithModel, ImageYUVToRGB, InpaintModelConditioning, InstructPixToPixConditioning, InvertMask, JoinImageWithAlpha,
KarrasScheduler, KSampler, KSamplerAdvanced, KSamplerSelect, LaplaceScheduler, LatentAdd, LatentApplyOperation,
LatentApplyOperationCFG, LatentBatch, LatentBatchSeedBehavior, LatentBlend, LatentComposite, LatentCompositeMasked, LatentConcat,
LatentCrop, LatentCut, LatentFlip, LatentFromBatch, LatentInterpolate, LatentMultiply, LatentOperationSharpen,
LatentOperationTonemapReinhard, LatentRotate, LatentSubtract, LatentUpscale, LatentUpscaleBy, LazyCache, Load3D, Load3DAnimation, LoadAudio, LoadImage,
LoadImageMask, LoadVideo, LoraLoader, LoraLoaderModelOnly, LoraModelLoader, LotusConditioning, LTXVAddGuide, LTXVConditioning,
LTXVCropGuides, LTXVImgToVideo, LTXVPreprocess, LTXVScheduler, Mahiro, MaskComposite, MaskPreview, MaskToImage, ModelComputeDtype,
ModelMergeAdd, ModelMergeAuraflow, ModelMergeBlocks, ModelMergeCosmos14B, ModelMergeCosmos7B, ModelMergeCosmosPredict2_14B,
ModelMergeCosmosPredict2_2B, ModelMergeFlux1, ModelMergeLTXV, ModelMergeMochiPreview, ModelMergeQwenImage, ModelMergeSD1,
ModelMergeSD2, ModelMergeSD35_Large, ModelMergeSD3_2B, ModelMergeSDXL, ModelMergeSimple, ModelMergeSubtract, ModelMergeWAN2_1,
ModelPatchLoader, ModelSamplingAuraFlow, ModelSamplingContinuousEDM, ModelSamplingContinuousV, ModelSamplingDiscrete,
ModelSamplingFlux, ModelSamplingLTXV, ModelSamplingSD3, ModelSamplingStableCascade, Morphology, OptimalStepsScheduler,
PairConditioningCombine, PairConditioningSetDefaultCombine, PairConditioningSetProperties, PairConditioningSetPropertiesAndCombine,
PatchModelAddDownscale, PerpNeg, PerpNegGuider, PerturbedAttentionGuidance, PhotoMakerEncode, PhotoMakerLoader,
PolyexponentialScheduler, PorterDuffImageComposite, PreviewAny, PreviewAudio, PreviewImage, PrimitiveBoolean, PrimitiveFloat,
PrimitiveInt, PrimitiveString, PrimitiveStringMultiline, QuadrupleCLIPLoader, QwenImageDiffsynthControlnet, RandomNoise,
RebatchImages, RebatchLatents, ReferenceLatent, RegexExtract, RegexMatch, RegexReplace, RenormCFG, RepeatImageBatch,
RepeatLatentBatch, RescaleCFG, ResizeAndPadImage, SamplerCustom, SamplerCustomAdvanced, SamplerDPMAdaptative, SamplerDPMPP_2M_SDE,
SamplerDPMPP_2S_Ancestral, SamplerDPMPP_3M_SDE, SamplerDPMPP_SDE, SamplerER_SDE, SamplerEulerAncestral, SamplerEulerAncestralCFGPP,
SamplerEulerCFGpp, SamplerLCMUpscale, SamplerLMS, SamplerSASolver, SamplingPercentToSigma, SaveAnimatedPNG, SaveAnimatedWEBP,
SaveAudio, SaveAudioMP3, SaveAudioOpus, SaveGLB, SaveImage, SaveImageWebsocket, SaveLatent, SaveSVGNode, SaveVideo, SaveWEBM,
SD_4XUpscale_Conditioning, SDTurboScheduler, SelfAttentionGuidance, SetClipHooks, SetFirstSigma, SetHookKeyframes,
SetLatentNoiseMask, SetUnionControlNetType, SkipLayerGuidanceDiT, SkipLayerGuidanceDiTSimple, SkipLayerGuidanceSD3, SolidMask,
SplitAudioChannels, SplitImageWithAlpha, SplitSigmas, SplitSigmasDenoise, StableCascade_EmptyLatentImage,
StableCascade_StageB_Conditioning, StableCascade_StageC_VAEEncode, StableCascade_SuperResolutionControlnet,
StableZero123_Conditioning, StableZero123_Conditioning_Batched, StringCompare, StringConcatenate, StringContains, StringLength,
StringReplace, StringSubstring, StringTrim, StyleModelApply, StyleModelLoader, SV3D_Conditioning, SVD_img2vid_Conditioning,
T5TokenizerOptions, TCFG, TextEncodeAceStepAudio, TextEncodeHunyuanVideo_ImageToVideo, TextEncodeQwenImageEdit,
TextEncodeQwenImageEditPlus, ThresholdMask, TomePatchModel, TrimAudioDuration, TrimVideoLatent, TripleCLIPLoader,
unCLIPCheckpointLoader, unCLIPConditioning, UNetCrossAttentionMultiply, UNETLoader, UNetSelfAttentionMultiply,
UNetTemporalAttentionMultiply, UpscaleModelLoader, USOStyleReference, VAEDecode, VAEDecodeAudio, VAEDecodeHunyuan3D, VAEDecodeTiled,
VAEEncode, VAEEncodeAudio, VAEEncodeForInpaint, VAEEncodeTiled, VAELoader, VideoLinearCFGGuidance, VideoTriangleCFGGuidance,
VoxelToMesh, VoxelToMeshBasic, VPScheduler, Wan22FunControlToVideo, Wan22ImageToVideoLatent, WanAnimateToVideo, WanCameraEmbedding,
WanCameraImageToVideo, WanContextWindowsManual, WanFirstLastFrameToVideo, WanFunControlToVideo, WanFunInpaintToVideo,
WanHuMoImageToVideo, WanImageToVideo, WanPhantomSubjectToVideo, WanSoundImageToVideo, WanSoundImageToVideoExtend, WanTrackToVideo,
WanVaceToVideo
`,
  "0.33.0": `
AddLayer, AddTextPrefix, AddTextSuffix, AdjustBrightness, AdjustContrast, AnimaLLLiteApply, ARVideoI2V, AudioEqualizer3Band,
BatchImagesMasksLatentsNode, BatchImagesNode, BatchLatentsNode, BatchMasksNode, BerniniConditioning, CenterCropImages, CFGOverride,
CLIPTextEncodeKandinsky5, ColorToRGBInt, ColorTransfer, ComfyAndNode, ComfyMathExpression, ComfyNotNode, ComfyNumberConvert,
ComfyOrNode, ComfySoftSwitchNode, ComfySwitchNode, ConditioningMultiply, ConvertArrayToString, ConvertDictionaryToString,
ConvertStringToComboNode, CreateBoundingBoxes, CreateCameraInfo, CreateList, CropByBBoxes, CurveEditor, CustomCombo,
DA3GeometryToMesh, DA3GeometryToPointCloud, DA3Inference, DA3Render, DrawBBoxes, DualModelGuider, EmptyAceStep1.5LatentAudio,
EmptyARVideoLatent, EmptyFlux2LatentImage, EmptyHiDreamO1LatentImage, EmptyHunyuanVideo15Latent, EmptyMiniMaxH3LatentAV,
EmptyMiniMaxMusic3LatentAudio, EmptyQwenImageLayeredLatentImage, EpsilonScaling, File3DToSplat, Flux2Scheduler, FluxKVCache,
FrameInterpolate, FrameInterpolationModelLoader, GenerateTracks, GetICLoRAParameters, GetSplatCount, GLSLShader,
HiDreamO1PatchSeamSmoothing, HiDreamO1ReferenceImages, HunyuanVideo15ImageToVideo, HunyuanVideo15LatentUpscaleWithModel,
HunyuanVideo15SuperResolution, Ideogram4Scheduler, ImageCompare, ImageCompositor, ImageCropV2, ImageDeduplication, ImageGrid,
ImageHistogram, ImageMergeTileList, InvertBooleanNode, JoinAudioChannels, JsonExtractString, Kandinsky5ImageToVideo,
LatentCutToBatch, LatentUpscaleModelLoader, LayersFromBoundingBoxes, LoadBackgroundRemovalModel, LoadDA3Model,
LoadMediaPipeFaceLandmarker, LoadMoGeModel, LoraLoaderBypass, LoraLoaderBypassModelOnly, LTXAVTextEncoderLoader, LTXVAudioVAEDecode,
LTXVAudioVAEEncode, LTXVAudioVAELoader, LTXVConcatAVLatent, LTXVContextWindows, LTXVDualCFGGuider, LTXVDurationPredictor,
LTXVEmptyLatentAudio, LTXVImgToVideoInplace, LTXVLatentUpsampler, LTXVModalityGuidance, LTXVReferenceAudio, LTXVSeparateAVLatent,
LTXVSpatioTemporalGuidance, ManualSigmas, MediaPipeFaceLandmarker, MediaPipeFaceMask, MediaPipeFaceMeshVisualize, MergeImageLists,
MergeSplat, MergeTextLists, MiniMaxH3AddGuide, MiniMaxH3ImageToVideo, MiniMaxH3ReferenceToVideo, MiniMaxH3SigmaShift,
MiniMaxMusic3TextEncode, ModelAttentionBackend, ModelMergeKrea2, ModelNoiseScale, MoGeInference, MoGePanoramaInference,
MoGePointMapToMesh, MoGeRender, MultiGPU_Options, MultiGPU_WorkUnits, NAGuidance, NormalizeImages, NormalizeVideoLatentStart,
OpticalFlowLoader, Painter, PiDConditioning, PreviewGaussianSplat, PreviewPointCloud, PrimitiveBoundingBox, RandomCropImages,
ReferenceTimbreAudio, RemoveBackground, RenderSplat, ReplaceText, ReplaceVideoLatentFrames, ResizeImageMaskNode,
ResizeImagesByLongerEdge, ResizeImagesByShorterEdge, ResolutionBucket, ResolutionSelector, RTDETR_detect, SAM3_Detect,
SAM3_TrackPreview, SAM3_TrackToMask, SAM3_VideoTrack, SamplerARVideo, SamplerLCM, SamplerSEEDS2, Save3DAdvanced, SaveAudioAdvanced,
SaveGaussianSplat, SaveImageAdvanced, SavePointCloud, SaveText, SCAIL2ColoredMask, ScaleROPE, SDPoseDrawKeypoints, SDPoseFaceBBoxes,
SDPoseKeypointExtractor, SeedNode, SeedVR2Conditioning, SeedVR2PostProcessing, SeedVR2Preprocess, SeedVR2ProgressiveSampler,
SeedVR2TemporalChunk, SeedVR2TemporalMerge, SelectCLIPDevice, SelectModelDevice, SelectVAEDevice, ShuffleDataset,
ShuffleImageTextDataset, ShuffleVideoDataset, ShuffleVideoTextDataset, SplatToFile3D, SplatToMesh, SplitImageToTileList,
StringFormat, StripWhitespace, SUPIRApply, TemporalScoreRescaling, TextEncodeAceStepAudio1.5, TextEncodeBooguEdit,
TextEncodeJoyImageEdit, TextEncodeMageFlowEdit, TextEncodeZImageOmni, TextGenerate, TextGenerateLTX2Prompt, TextOverlay,
TextToLowercase, TextToUppercase, TransformSplat, TripoSplatConditioning, TripoSplatPreprocessImage, TripoSplatSamplingPreview,
TruncateText, VAEDecodeAudioTiled, VAEDecodeTripoSplat, Video Slice, VideoFrameSample, VideoRandomTemporalCrop, VideoTemporalCrop,
VOIDInpaintConditioning, VOIDQuadmaskPreprocess, VOIDSampler, VOIDWarpedNoise, VOIDWarpedNoiseSource, WanAnimate2Cache,
WanAnimate2ToVideo, WanDancerEncodeAudio, WanDancerPadKeyframes, WanDancerPadKeyframesList, WanDancerVideo, WanInfiniteTalkToVideo,
WanMoveConcatTrack, WanMoveTracksFromCoords, WanMoveTrackToVideo, WanMoveVisualizeTracks, WanSCAILToVideo, WanUni3CControlnetApply,
ZImageFunControlnet
`,
};

/** What takes an admin's word, by the reason; see docs/decisions/0013-nodes-need-to-be-allowed.md. */
const reaching: Readonly<Record<string, OwnClasses>> = {
  "writes models": {
    "0.3.64": `
CheckpointSave, CLIPSave, ImageOnlyCheckpointSave, LoraSave, ModelSave, SaveLoRANode, VAESave
`,
    "0.33.0": "SaveLoRA",
  },
  trains: {
    "0.3.64": "LossGraphNode",
    "0.33.0": "LoadTrainingDataset, MakeTrainingDataset, SaveTrainingDataset, TrainLoraNode",
  },
  "reads or writes folders of the server": {
    "0.3.64": "LoadImageOutput, LoadImageSetFromFolderNode, LoadImageTextSetFromFolderNode, LoadLatent",
    "0.33.0": `
LoadImageDataSetFromFolder, LoadImageSetNode, LoadImageTextDataSetFromFolder, LoadVideoDataSetFromFolder,
LoadVideoTextDataSetFromFolder, SaveImageDataSetToFolder, SaveImageTextDataSetToFolder
`,
  },
  "needs a browser, or names a file by its path": {
    "0.3.64": "Preview3D, Preview3DAnimation, RecordAudio, WebcamCapture",
    "0.33.0": "Load3DAdvanced, Preview3DAdvanced, TerminalLog",
  },
  "compiles a program for the model": {
    "0.3.64": "TorchCompileModel",
    "0.33.0": "",
  },
  "calls a paid service": {
    "0.3.64": `
ByteDanceFirstLastFrameNode, ByteDanceImageEditNode, ByteDanceImageNode, ByteDanceImageReferenceNode, ByteDanceImageToVideoNode,
ByteDanceSeedreamNode, ByteDanceTextToVideoNode, FluxProCannyNode, FluxProDepthNode, FluxProExpandNode, FluxProFillNode,
FluxProImageNode, FluxProUltraImageNode, GeminiImageNode, GeminiInputFiles, GeminiNode, IdeogramV1, IdeogramV2, IdeogramV3,
KlingCameraControlI2VNode, KlingCameraControls, KlingCameraControlT2VNode, KlingDualCharacterVideoEffectNode, KlingImage2VideoNode,
KlingImageGenerationNode, KlingLipSyncAudioToVideoNode, KlingLipSyncTextToVideoNode, KlingSingleImageVideoEffectNode,
KlingStartEndFrameNode, KlingTextToVideoNode, KlingVideoExtendNode, KlingVirtualTryOnNode, LumaConceptsNode, LumaImageModifyNode,
LumaImageNode, LumaImageToVideoNode, LumaReferenceNode, LumaVideoNode, MinimaxHailuoVideoNode, MinimaxImageToVideoNode,
MinimaxSubjectToVideoNode, MinimaxTextToVideoNode, MoonvalleyImg2VideoNode, MoonvalleyTxt2VideoNode, MoonvalleyVideo2VideoNode,
OpenAIChatConfig, OpenAIChatNode, OpenAIDalle2, OpenAIDalle3, OpenAIGPTImage1, OpenAIInputFiles, OpenAIVideoSora2, Pikadditions,
Pikaffects, PikaImageToVideoNode2_2, PikaScenesV2_2, PikaStartEndFrameNode2_2, Pikaswaps, PikaTextToVideoNode2_2,
PixverseImageToVideoNode, PixverseTemplateNode, PixverseTextToVideoNode, PixverseTransitionVideoNode, RecraftColorRGB,
RecraftControls, RecraftCreativeUpscaleNode, RecraftCrispUpscaleNode, RecraftImageInpaintingNode, RecraftImageToImageNode,
RecraftRemoveBackgroundNode, RecraftReplaceBackgroundNode, RecraftStyleV3DigitalIllustration, RecraftStyleV3InfiniteStyleLibrary,
RecraftStyleV3LogoRaster, RecraftStyleV3RealisticImage, RecraftTextToImageNode, RecraftTextToVectorNode, RecraftVectorizeImageNode,
Rodin3D_Detail, Rodin3D_Gen2, Rodin3D_Regular, Rodin3D_Sketch, Rodin3D_Smooth, RunwayFirstLastFrameNode,
RunwayImageToVideoNodeGen3a, RunwayImageToVideoNodeGen4, RunwayTextToImageNode, StabilityAudioInpaint, StabilityAudioToAudio,
StabilityStableImageSD_3_5Node, StabilityStableImageUltraNode, StabilityTextToAudio, StabilityUpscaleConservativeNode,
StabilityUpscaleCreativeNode, StabilityUpscaleFastNode, TripoConversionNode, TripoImageToModelNode, TripoMultiviewToModelNode,
TripoRefineNode, TripoRetargetNode, TripoRigNode, TripoTextToModelNode, TripoTextureNode, Veo3VideoGenerationNode,
VeoVideoGenerationNode, ViduImageToVideoNode, ViduReferenceVideoNode, ViduStartEndToVideoNode, ViduTextToVideoNode,
WanImageToImageApi, WanImageToVideoApi, WanTextToImageApi, WanTextToVideoApi
`,
    "0.33.0": `
BeebleSwitchXImageEdit, BeebleSwitchXVideoEdit, BriaEraser, BriaExpandImage, BriaGenFill, BriaImageEditNode, BriaIncreaseResolution,
BriaRemoveImageBackground, BriaRemoveVideoBackground, BriaTransparentVideoBackground, BriaVideoGreenScreen,
BriaVideoReplaceBackground, BuildJsonPromptIdeogram, ByteDance2FirstLastFrameNode, ByteDance2ReferenceNode,
ByteDance2TextToVideoNode, ByteDanceCreateImageAsset, ByteDanceCreateVideoAsset, ByteDanceSeedAudio, ByteDanceSeedNode,
ByteDanceSeedreamLayerSeparationNode, ByteDanceSeedreamNodeV2, ClaudeNode, ElevenLabsAudioIsolation, ElevenLabsInstantVoiceClone,
ElevenLabsSpeechToSpeech, ElevenLabsSpeechToText, ElevenLabsTextToDialogue, ElevenLabsTextToSoundEffects, ElevenLabsTextToSpeech,
ElevenLabsVoiceSelector, Flux2ImageNode, Flux3ImageToVideoNode, Flux3TextToVideoNode, Flux3VideoContinuationNode, FluxEraseNode,
FluxVTONode, GeminiImage, GeminiImage2Node, GeminiNanoBanana2, GeminiNanoBanana2V2, GeminiNodeV2, GeminiVideoOmni,
GrokImageEditNode, GrokImageEditNodeV2, GrokImageNode, GrokVideoEditNode, GrokVideoExtendNode, GrokVideoNode,
GrokVideoReferenceNode, HappyHorseImageToVideoApi, HappyHorseReferenceVideoApi, HappyHorseTextToVideoApi, HappyHorseVideoEditApi,
HeyGenAvatarVideoNode, HeyGenCreateAvatarNode, HeyGenTalkingPhotoNode, HeyGenTextToSpeechNode, HeyGenVideoTranslateNode,
HitPawGeneralImageEnhance, HitPawVideoEnhance, IdeogramPImage, IdeogramV4, KlingAvatarNode, KlingFirstLastFrameNode,
KlingImageToVideoWithAudio, KlingMotionControl, KlingOmniProEditVideoNode, KlingOmniProFirstLastFrameNode, KlingOmniProImageNode,
KlingOmniProImageToVideoNode, KlingOmniProTextToVideoNode, KlingOmniProVideoToVideoNode, KlingTextToVideoWithAudio, KlingVideoNode,
Krea2ImageNode, Krea2StyleReferenceNode, LtxApi25AudioToVideo, LtxApi25ImageToVideo, LtxApi25TextToVideo, LtxvApiImageToVideo,
LtxvApiTextToVideo, LumaImageEditNode2, LumaImageNode2, LumaRay32ExtendVideoNode, LumaRay32ImageToVideoNode, LumaRay32KeyframeNode,
LumaRay32KeyframesToVideoNode, LumaRay32TextToVideoNode, LumaRay32VideoEditNode, LumaRay32VideoReframeNode,
MagnificImageRelightNode, MagnificImageSkinEnhancerNode, MagnificImageStyleTransferNode, MagnificImageUpscalerCreativeNode,
MagnificImageUpscalerPreciseV2Node, MeshyAnimateModelNode, MeshyImageToModelNode, MeshyMultiImageToModelNode, MeshyRefineNode,
MeshyRigModelNode, MeshyTextToModelNode, MeshyTextureNode, MinimaxHailuo03ContextIRNode, MinimaxHailuo03FirstLastFrameNode,
MinimaxHailuo03ReferenceNode, MinimaxHailuo03RegenerateNode, MinimaxHailuo03TextToVideoNode, OpenAIGPTImageNodeV2,
OpenRouterLLMNode, QuiverImageToSVGNode, QuiverTextToSVGNode, QwenImageEditApi, QwenImageTextToImageApi, RecraftCreateStyleNode,
RecraftStyleV3VectorIllustrationNode, RecraftV4TextToImageNode, RecraftV4TextToVectorNode, ReveImageCreateNode, ReveImageEditNode,
ReveImageRemixNode, Rodin3D_Gen25_Image, Rodin3D_Gen25_Text, RunwayAleph2KeyframeNode, RunwayAleph2PromptImageNode,
RunwayAleph2VideoToVideoNode, SoniloTextToMusic, SoniloVideoToMusic, SyncLipSyncNode, SyncTalkingImageNode, Tencent3DPartNode,
Tencent3DTextureEditNode, TencentImageToModelNode, TencentModelTo3DUVNode, TencentSmartTopologyNode, TencentTextToModelNode,
TopazImageEnhance, TopazImageEnhanceV2, TopazVideoEnhance, TopazVideoEnhanceV2, TripoImportModelNode, TripoP1ImageToModelNode,
TripoP1MultiviewToModelNode, TripoP1TextToModelNode, Veo3FirstLastFrameNode, Vidu2ImageToVideoNode, Vidu2ReferenceVideoNode,
Vidu2StartEndToVideoNode, Vidu2TextToVideoNode, Vidu3ImageToVideoNode, Vidu3StartEndToVideoNode, Vidu3TextToVideoNode,
ViduExtendVideoNode, ViduMultiFrameVideoNode, Wan2ImageToVideoApi, Wan2ReferenceVideoApi, Wan2TextToVideoApi,
Wan2VideoContinuationApi, Wan2VideoEditApi, WanReferenceVideoApi, WavespeedFlashVSRNode, WavespeedImageUpscaleNode
`,
  },
};

/** A class that comes with ComfyUI. */
export interface OwnClass {
  /** A version that has it; an older one may, too. */
  readonly since: keyof OwnClasses;
  /** What it does that it takes an admin's word for; null for what only computes. */
  readonly reason: string | null;
}

const byReason: [reason: string | null, classes: OwnClasses][] = [[null, computing], ...Object.entries(reaching)];

/** By name. A class that is newer than the table is not here, and takes the same word as one of a node pack. */
export const ownClasses: ReadonlyMap<string, OwnClass> = new Map(
  byReason.flatMap(([reason, classes]) =>
    (["0.3.64", "0.33.0"] as const).flatMap((since) =>
      classes[since]
        .trim()
        .split(/,\s+/)
        .filter((name) => name !== "")
        .map((name) => [name, { since, reason }] as const),
    ),
  ),
);
