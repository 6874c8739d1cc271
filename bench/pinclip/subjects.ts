/** Who is measured. */

/** The product: the engine for what has a plan, onnxruntime-web for the rest. */
export const OURS = "Corkboard in workerd";
export const WEB_IN_WORKERD = "onnxruntime-web int8, workerd";
export const WEB_FP32_IN_WORKERD = "onnxruntime-web fp32, workerd";
export const WEB_IN_NODE = "onnxruntime-web int8, Node";
export const NATIVE_INT8 = "onnxruntime-node int8, one thread";
export const NATIVE_FP32 = "onnxruntime-node fp32, one thread";
export const IN_NODE = "Corkboard in Node";
