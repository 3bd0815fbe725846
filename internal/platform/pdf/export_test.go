package pdf

// Shape is shape, for tests.
var Shape = shape
