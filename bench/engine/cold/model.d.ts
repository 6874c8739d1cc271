/** The model as a module of the Worker. */
declare module "*/model.bin" {
  const bytes: ArrayBuffer;
  export default bytes;
}
