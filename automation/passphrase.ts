import { createDecipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";

const keyBytes = 32;
const iterations = 1_000_000;
const tagBytes = 16;

/**
 * Whether a passphrase opens a stack's secrets: its `encryptionsalt` is `v1:<salt>:v1:<nonce>:<the word "pulumi", encrypted>`,
 * each in base64, with AES-256-GCM and a key by PBKDF2 (pulumi/sdk/go/common/resource/config/crypt.go).
 */
export async function opensSalt(encryptionSalt: string, passphrase: string): Promise<boolean> {
  const [version, salt, , nonce, message] = encryptionSalt.split(":");
  if (version !== "v1" || !salt || !nonce || !message) return false;
  const key = await promisify(pbkdf2)(passphrase, Buffer.from(salt, "base64"), iterations, keyBytes, "sha256");
  const sealed = Buffer.from(message, "base64");
  const cipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  cipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([cipher.update(sealed.subarray(0, -tagBytes)), cipher.final()]).toString() === "pulumi";
  } catch {
    return false;
  }
}
