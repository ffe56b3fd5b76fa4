/**
 * What the signed tokens that pass between subgraphs through a client or the router say. All are JWTs, HS256 under the
 * shared ATTACHMENT_KEY, told apart by `typ`, so that each can be verified offline.
 */

/** `typ: attachment+jwt`. Media signs it on upload; posts, chat and users accept it from the uploader. */
export interface AttachmentClaims {
  /** The media id. */
  id: string;
  /** The user id of the uploader, the only one who may attach it. */
  owner: string;
  kind: 'image';
  /** Bytes of the original. */
  size: number;
}
export const ATTACHMENT = { typ: 'attachment+jwt', lifetimeSeconds: 24 * 3600 } as const;

/** `typ: grant+jwt`. Signed by the subgraph that checked that this viewer may see the medium; media accepts it as `ref`. */
export interface GrantClaims {
  /** The media id. */
  id: string;
  /** The user id of the viewer, or null for an anonymous one. */
  viewer: string | null;
}
export const GRANT = { typ: 'grant+jwt', lifetimeSeconds: 300 } as const;
