import type { Page } from '@chorus/kit/connections';

/** What stands between the viewer and this person. */
export interface UserViewerModel {
  userId: string;
}

/** The lists of people that their owner alone may see. */
export type RelatedList = 'blocked' | 'muted' | 'requests' | 'sentRequests';

/** A page of one of the viewer's own lists; its rows are read when a field wants them. */
export interface RelatedUserConnectionModel {
  ownerId: string;
  list: RelatedList;
  page: Page;
}

export interface RelatedUserEdgeModel {
  cursor: string;
  list: RelatedList;
  userId: string;
  since: Date;
}
