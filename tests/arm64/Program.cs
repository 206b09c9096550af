// Never run.
return;
