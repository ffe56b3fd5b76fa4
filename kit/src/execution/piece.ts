/**
 * A part of the answer that is not text yet: what a promise will give, or an object or list with such parts in it. The
 * parts are in order, so that the text is theirs one after the other.
 */
export class Piece {
  /** Whether null may stand here; where it may not, what is around becomes null. */
  nullable: boolean;
  #parts: (string | Piece)[];
  #around: Piece | null = null;
  #dead = false;

  constructor(parts: (string | Piece)[], nullable: boolean) {
    this.nullable = nullable;
    this.#parts = parts;
    for (const part of parts) if (typeof part !== 'string') part.#around = this;
  }

  /** Whether it still belongs to the answer: neither it nor anything around it has become null. */
  isPartOf(root: Piece): boolean {
    if (this.#dead) return false;
    return this === root || (this.#around?.isPartOf(root) ?? false);
  }

  /** Puts in what was waited for; null makes null of the nearest place around that may be. */
  fill(text: string | Piece | null): void {
    if (text !== null) {
      this.#parts = [text];
      if (typeof text !== 'string') {
        text.nullable = false; // this one decides
        text.#around = this;
      }
      return;
    }
    if (!this.nullable && this.#around !== null) return this.#around.fill(null);
    this.#parts = ['null'];
    this.#dead = true;
  }

  /** Puts a part at the end. */
  append(part: string | Piece): void {
    this.#parts.push(part);
    if (typeof part !== 'string') part.#around = this;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  get text(): string {
    let text = '';
    for (const part of this.#parts) text += typeof part === 'string' ? part : part.text;
    return text;
  }
}
