/** What the fleet is counted by: the field of the explorer, and the same one in RSQL. */
export const countFields = [
  { name: 'status', field: 'interfaces.status', selector: 'interfaces.status' },
  { name: 'connector', field: 'connector', selector: 'connector' },
  { name: 'activity', field: 'aggregatedActivityState', selector: 'activityState' },
  { name: 'group', field: 'group.path', selector: 'groupPath' },
  { name: 'tag', field: 'tags', selector: 'tags' },
] as const;

export const propertyField = (property: string) => ({
  name: 'property' as const,
  field: `property.${property}`,
  selector: `property.${property}`,
});

export type CountField = (typeof countFields)[number] | ReturnType<typeof propertyField>;
