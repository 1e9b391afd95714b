import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { DomainError } from '../../domain/errors.ts';

/** What a secret is bound to: its value can be read back only in the row of this owner and name. */
export interface SecretPlace {
  readonly ownerId: string;
  readonly name: string;
}

/** A value as it is stored. The last 16 bytes of `ciphertext` are the tag. */
export interface SealedSecret {
  readonly keyId: string;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with the installation's key of 32 bytes. */
export class Cipher {
  readonly #key: Uint8Array;
  readonly #keyId: string;

  constructor(key: Uint8Array) {
    this.#key = key;
    this.#keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  }

  seal(value: Uint8Array, place: SecretPlace): SealedSecret {
    // A nonce must never serve twice with one key; of 96 random bits that is safe for billions of secrets.
    const nonce = new Uint8Array(randomBytes(NONCE_BYTES));
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(associatedData(place));
    const ciphertext = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
    return { keyId: this.#keyId, nonce, ciphertext: new Uint8Array(ciphertext) };
  }

  /** Throws SECRET_UNREADABLE where another key sealed it, or anything of it or of its place is not as it was sealed. */
  open({ keyId, nonce, ciphertext }: SealedSecret, place: SecretPlace): Uint8Array {
    const { name } = place;
    if (keyId !== this.#keyId) throw new DomainError('SECRET_UNREADABLE', { name, why: 'another-key' });
    try {
      const decipher = createDecipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associatedData(place));
      decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new DomainError('SECRET_UNREADABLE', { name, why: 'changed' }, { cause });
    }
  }
}

/** Each part with its length before it, so that no other owner and name give the same bytes. */
function associatedData({ ownerId, name }: SecretPlace): Uint8Array {
  return Buffer.concat(
    [ownerId, name].flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
