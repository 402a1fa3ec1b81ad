/** The people of Greenhill Community School. None of them exists. */

/** How a learner goes about the term; the history is drawn from it. */
export type Temperament = 'finished' | 'steady' | 'struggling' | 'quiet' | 'starting';

export interface DemoPerson {
  readonly username: string;
  /** Public: printed at the start and offered on the sign-in page. */
  readonly password: string;
  readonly name: string;
}

export interface DemoLearner extends DemoPerson {
  readonly classId: '7a' | '8b';
  readonly temperament: Temperament;
  /** Works on a phone and on the school's tablet, for a time without either hearing of the other. */
  readonly twoDevices?: true;
}

export interface DemoTeacher extends DemoPerson {
  readonly teaches: '7a' | '8b';
  readonly authors: readonly string[];
}

type Row = readonly [username: string, word: string, name: string, temperament: Temperament];

const grade7: readonly Row[] = [
  ['amina', 'mango', 'Amina Hassan', 'steady'],
  ['wanjiru', 'kite', 'Wanjiru Kamau', 'finished'],
  ['brian', 'football', 'Brian Otieno', 'struggling'],
  ['chebet', 'running', 'Faith Chebet', 'steady'],
  ['juma', 'bicycle', 'Juma Mwakio', 'quiet'],
  ['zawadi', 'guitar', 'Zawadi Mwangi', 'steady'],
  ['kiptoo', 'mountain', 'Kevin Kiptoo', 'steady'],
  ['nakato', 'pineapple', 'Grace Nakato', 'finished'],
  ['abdi', 'camel', 'Abdi Farah', 'struggling'],
  ['neema', 'sunrise', 'Neema Mollel', 'steady'],
  ['mutua', 'honey', 'Peter Mutua', 'steady'],
  ['akinyi', 'lakeside', 'Mercy Akinyi', 'struggling'],
  ['rehema', 'coconut', 'Rehema Salim', 'steady'],
  ['lemayian', 'acacia', 'Lemayian Sankale', 'quiet'],
  ['wekesa', 'sugarcane', 'Collins Wekesa', 'starting'],
];

const grade8: readonly Row[] = [
  ['baraka', 'drum', 'Baraka Mwinyi', 'steady'],
  ['yusuf', 'compass', 'Yusuf Hassan', 'steady'],
  ['nyambura', 'library', 'Nyambura Githinji', 'finished'],
  ['odhiambo', 'tilapia', 'Felix Odhiambo', 'steady'],
  ['fatuma', 'jasmine', 'Fatuma Bakari', 'struggling'],
  ['kato', 'matoke', 'Isaac Kato', 'steady'],
  ['imani', 'rainbow', 'Imani Mushi', 'finished'],
  ['cherono', 'teapot', 'Sharon Cherono', 'steady'],
  ['maina', 'railway', 'Samuel Maina', 'quiet'],
  ['asha', 'harbour', 'Asha Omari', 'steady'],
  ['mukami', 'garden', 'Lucy Mukami', 'steady'],
  ['hamisi', 'dhow', 'Hamisi Rajabu', 'struggling'],
  ['nekesa', 'weaver', 'Nekesa Barasa', 'steady'],
  ['deng', 'river', 'Deng Akol', 'quiet'],
  ['uwase', 'basket', 'Ange Uwase', 'starting'],
];

const TWO_DEVICES: readonly string[] = ['amina', 'baraka'];

const learner =
  (classId: DemoLearner['classId']) =>
  ([username, word, name, temperament]: Row): DemoLearner => ({
    username,
    password: `${username}-${word}`,
    name,
    classId,
    temperament,
    ...(TWO_DEVICES.includes(username) ? { twoDevices: true } : {}),
  });

export const learners: readonly DemoLearner[] = [...grade7.map(learner('7a')), ...grade8.map(learner('8b'))];

export const teachers: readonly DemoTeacher[] = [
  {
    username: 'mwalimu.njeri',
    password: 'njeri-blackboard',
    name: 'Njeri Wambui',
    teaches: '7a',
    authors: ['maths-7', 'art-7', 'arabic-letters-youth', 'prophets-children', 'zaka-watu-wazima'],
  },
  {
    username: 'mwalimu.otieno',
    password: 'otieno-workshop',
    name: 'Joseph Otieno',
    teaches: '8b',
    authors: ['programming-8', 'music-8', 'bookkeeping-shop', 'ukarabati-simu'],
  },
];

export const guardian: DemoPerson & { readonly guards: readonly string[] } = {
  username: 'mama.halima',
  password: 'halima-family',
  name: 'Halima Hassan',
  guards: ['amina', 'yusuf'],
};

export const employer: DemoPerson = { username: 'fundi.works', password: 'fundi-soldering', name: 'Fundi Works, Kisumu Road' };

export const admin: DemoPerson = { username: 'admin', password: 'greenhill-office', name: 'Rose Achieng' };
