/** What others may change, and no live event tells of, is asked for again this often while it is shown. */
export const askedAgainMs = 5000;
