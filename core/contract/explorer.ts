import { z } from 'zod';
import { deviceJson, deviceSort } from './devices.ts';
import { text } from './text.ts';

/** Most characters of a search, and of a filter beside it (facts 18). */
const longestQuery = 256;
const longestFilter = 512;

const corner = z.object({
  lat: z.number().min(-90, 'must be from -90 to 90').max(90, 'must be from -90 to 90'),
  lon: z.number().min(-180, 'must be from -180 to 180').max(180, 'must be from -180 to 180'),
});

const filters = z
  .object({
    geoBounds: z
      .object({ topLeft: corner, bottomRight: corner })
      .refine(({ topLeft, bottomRight }) => topLeft.lat >= bottomRight.lat, {
        message: 'topLeft must not be south of bottomRight',
      })
      .nullish()
      .describe('Static locations within; over the date line when topLeft is east of bottomRight'),
    queryString: text(longestFilter).nullish().describe('RSQL, as filterQuery of the list of devices'),
  })
  .nullish();

const wordsQuery = text(longestQuery)
  .transform((given) => [...new Set(given.toLowerCase().split(/\s+/))].filter((word) => word !== ''))
  .nullish()
  .describe('Parts of words; devices that have one of them in id, name, description, tags or properties');

/** Body of a search in the fleet (facts 5). */
export const explorerSearchRequest = z.object({
  query: wordsQuery,
  filters,
  sort: z
    .union([z.string().transform((keys) => keys.split(',').filter((key) => key !== '')), z.array(z.string())])
    .pipe(deviceSort)
    .nullish(),
  bookmark: z
    .array(z.union([z.string(), z.number()]))
    .nullish()
    .describe('What the page before answered; the sort must be the same'),
  size: z.int().min(1, 'must be from 1 to 1000').max(1000, 'must be from 1 to 1000').default(20),
});

export const explorerSearchResult = z.object({
  bookmark: z.array(z.union([z.string(), z.number()])),
  devices: z.array(deviceJson),
});

const groupBy = z
  .object({
    field: text(200).min(1, 'must not be empty').optional(),
    location: z
      .object({
        precision: z
          .int()
          .min(1, 'must be from 1 to 12')
          .max(12, 'must be from 1 to 12')
          .describe('Characters of the geohash'),
      })
      .optional(),
  })
  .refine(
    ({ field, location }) => (field === undefined) !== (location === undefined),
    'must hold either field or location',
  );

/** Body of a count of the fleet by a field or by place (facts 5). */
export const explorerStatsRequest = z.object({
  groupBy,
  query: wordsQuery,
  filters,
  options: z
    .object({ size: z.int().min(1, 'must be from 1 to 1000').max(1000, 'must be from 1 to 1000').optional() })
    .nullish()
    .describe('size: most groups answered, those with the most devices; 100 when not given'),
});

export const explorerStatsResult = z.object({
  devices: z.int().describe('Devices that the filters let through'),
  fieldAggregation: z
    .array(z.object({ value: z.union([z.string(), z.boolean()]), count: z.int() }))
    .optional(),
  geoAggregation: z
    .array(
      z.object({
        geohash: z.string(),
        count: z.int(),
        location: z.object({ lat: z.number(), lon: z.number() }).describe('Mean of the devices in the cell'),
      }),
    )
    .optional(),
});
export type ExplorerFilters = z.output<typeof filters>;
export type ExplorerStatsResult = z.output<typeof explorerStatsResult>;
