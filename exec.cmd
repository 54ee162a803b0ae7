@rem On other systems "exec" is a word of the shell: the npm scripts use it so that signals and the exit
@rem code reach Node and not a shell in between. Here it only has to start what follows it.
@%*
