DROP TABLE live_list;
