/** 64 lower-case hexadecimal digits. */
export type Sha256 = string;

export const SHA256 = /^[0-9a-f]{64}$/;
